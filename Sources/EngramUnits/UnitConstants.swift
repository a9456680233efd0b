// Written by tools/generate_units.py; change that script, not this file.

/// Metre: 1 m.
public var metre: Length { Length(si: 1e0) }
/// Square metre: 1 m².
public var metre2: Area { Area(si: 1e0) }
/// Cubic metre: 1 m³.
public var metre3: Volume { Volume(si: 1e0) }
/// Metre: 1 m.
public var meter: Length { Length(si: 1e0) }
/// Square metre: 1 m².
public var meter2: Area { Area(si: 1e0) }
/// Cubic metre: 1 m³.
public var meter3: Volume { Volume(si: 1e0) }
/// Yoctometre: 1e-24 m.
public var ymetre: Length { Length(si: 1e-24) }
/// Square yoctometre: 1e-48 m².
public var ymetre2: Area { Area(si: 1e-48) }
/// Cubic yoctometre: 1e-72 m³.
public var ymetre3: Volume { Volume(si: 1e-72) }
/// Yoctometre: 1e-24 m.
public var ymeter: Length { Length(si: 1e-24) }
/// Square yoctometre: 1e-48 m².
public var ymeter2: Area { Area(si: 1e-48) }
/// Cubic yoctometre: 1e-72 m³.
public var ymeter3: Volume { Volume(si: 1e-72) }
/// Yoctometre: 1e-24 m.
public var ym: Length { Length(si: 1e-24) }
/// Square yoctometre: 1e-48 m².
public var ym2: Area { Area(si: 1e-48) }
/// Cubic yoctometre: 1e-72 m³.
public var ym3: Volume { Volume(si: 1e-72) }
/// Zeptometre: 1e-21 m.
public var zmetre: Length { Length(si: 1e-21) }
/// Square zeptometre: 1e-42 m².
public var zmetre2: Area { Area(si: 1e-42) }
/// Cubic zeptometre: 1e-63 m³.
public var zmetre3: Volume { Volume(si: 1e-63) }
/// Zeptometre: 1e-21 m.
public var zmeter: Length { Length(si: 1e-21) }
/// Square zeptometre: 1e-42 m².
public var zmeter2: Area { Area(si: 1e-42) }
/// Cubic zeptometre: 1e-63 m³.
public var zmeter3: Volume { Volume(si: 1e-63) }
/// Zeptometre: 1e-21 m.
public var zm: Length { Length(si: 1e-21) }
/// Square zeptometre: 1e-42 m².
public var zm2: Area { Area(si: 1e-42) }
/// Cubic zeptometre: 1e-63 m³.
public var zm3: Volume { Volume(si: 1e-63) }
/// Attometre: 1e-18 m.
public var ametre: Length { Length(si: 1e-18) }
/// Square attometre: 1e-36 m².
public var ametre2: Area { Area(si: 1e-36) }
/// Cubic attometre: 1e-54 m³.
public var ametre3: Volume { Volume(si: 1e-54) }
/// Attometre: 1e-18 m.
public var ameter: Length { Length(si: 1e-18) }
/// Square attometre: 1e-36 m².
public var ameter2: Area { Area(si: 1e-36) }
/// Cubic attometre: 1e-54 m³.
public var ameter3: Volume { Volume(si: 1e-54) }
/// Attometre: 1e-18 m.
public var am: Length { Length(si: 1e-18) }
/// Square attometre: 1e-36 m².
public var am2: Area { Area(si: 1e-36) }
/// Cubic attometre: 1e-54 m³.
public var am3: Volume { Volume(si: 1e-54) }
/// Femtometre: 1e-15 m.
public var fmetre: Length { Length(si: 1e-15) }
/// Square femtometre: 1e-30 m².
public var fmetre2: Area { Area(si: 1e-30) }
/// Cubic femtometre: 1e-45 m³.
public var fmetre3: Volume { Volume(si: 1e-45) }
/// Femtometre: 1e-15 m.
public var fmeter: Length { Length(si: 1e-15) }
/// Square femtometre: 1e-30 m².
public var fmeter2: Area { Area(si: 1e-30) }
/// Cubic femtometre: 1e-45 m³.
public var fmeter3: Volume { Volume(si: 1e-45) }
/// Femtometre: 1e-15 m.
public var fm: Length { Length(si: 1e-15) }
/// Square femtometre: 1e-30 m².
public var fm2: Area { Area(si: 1e-30) }
/// Cubic femtometre: 1e-45 m³.
public var fm3: Volume { Volume(si: 1e-45) }
/// Picometre: 1e-12 m.
public var pmetre: Length { Length(si: 1e-12) }
/// Square picometre: 1e-24 m².
public var pmetre2: Area { Area(si: 1e-24) }
/// Cubic picometre: 1e-36 m³.
public var pmetre3: Volume { Volume(si: 1e-36) }
/// Picometre: 1e-12 m.
public var pmeter: Length { Length(si: 1e-12) }
/// Square picometre: 1e-24 m².
public var pmeter2: Area { Area(si: 1e-24) }
/// Cubic picometre: 1e-36 m³.
public var pmeter3: Volume { Volume(si: 1e-36) }
/// Picometre: 1e-12 m.
public var pm: Length { Length(si: 1e-12) }
/// Square picometre: 1e-24 m².
public var pm2: Area { Area(si: 1e-24) }
/// Cubic picometre: 1e-36 m³.
public var pm3: Volume { Volume(si: 1e-36) }
/// Nanometre: 1e-9 m.
public var nmetre: Length { Length(si: 1e-9) }
/// Square nanometre: 1e-18 m².
public var nmetre2: Area { Area(si: 1e-18) }
/// Cubic nanometre: 1e-27 m³.
public var nmetre3: Volume { Volume(si: 1e-27) }
/// Nanometre: 1e-9 m.
public var nmeter: Length { Length(si: 1e-9) }
/// Square nanometre: 1e-18 m².
public var nmeter2: Area { Area(si: 1e-18) }
/// Cubic nanometre: 1e-27 m³.
public var nmeter3: Volume { Volume(si: 1e-27) }
/// Nanometre: 1e-9 m.
public var nm: Length { Length(si: 1e-9) }
/// Square nanometre: 1e-18 m².
public var nm2: Area { Area(si: 1e-18) }
/// Cubic nanometre: 1e-27 m³.
public var nm3: Volume { Volume(si: 1e-27) }
/// Micrometre: 1e-6 m.
public var umetre: Length { Length(si: 1e-6) }
/// Square micrometre: 1e-12 m².
public var umetre2: Area { Area(si: 1e-12) }
/// Cubic micrometre: 1e-18 m³.
public var umetre3: Volume { Volume(si: 1e-18) }
/// Micrometre: 1e-6 m.
public var umeter: Length { Length(si: 1e-6) }
/// Square micrometre: 1e-12 m².
public var umeter2: Area { Area(si: 1e-12) }
/// Cubic micrometre: 1e-18 m³.
public var umeter3: Volume { Volume(si: 1e-18) }
/// Micrometre: 1e-6 m.
public var um: Length { Length(si: 1e-6) }
/// Square micrometre: 1e-12 m².
public var um2: Area { Area(si: 1e-12) }
/// Cubic micrometre: 1e-18 m³.
public var um3: Volume { Volume(si: 1e-18) }
/// Millimetre: 1e-3 m.
public var mmetre: Length { Length(si: 1e-3) }
/// Square millimetre: 1e-6 m².
public var mmetre2: Area { Area(si: 1e-6) }
/// Cubic millimetre: 1e-9 m³.
public var mmetre3: Volume { Volume(si: 1e-9) }
/// Millimetre: 1e-3 m.
public var mmeter: Length { Length(si: 1e-3) }
/// Square millimetre: 1e-6 m².
public var mmeter2: Area { Area(si: 1e-6) }
/// Cubic millimetre: 1e-9 m³.
public var mmeter3: Volume { Volume(si: 1e-9) }
/// Millimetre: 1e-3 m.
public var mm: Length { Length(si: 1e-3) }
/// Square millimetre: 1e-6 m².
public var mm2: Area { Area(si: 1e-6) }
/// Cubic millimetre: 1e-9 m³.
public var mm3: Volume { Volume(si: 1e-9) }
/// Centimetre: 1e-2 m.
public var cmetre: Length { Length(si: 1e-2) }
/// Square centimetre: 1e-4 m².
public var cmetre2: Area { Area(si: 1e-4) }
/// Cubic centimetre: 1e-6 m³.
public var cmetre3: Volume { Volume(si: 1e-6) }
/// Centimetre: 1e-2 m.
public var cmeter: Length { Length(si: 1e-2) }
/// Square centimetre: 1e-4 m².
public var cmeter2: Area { Area(si: 1e-4) }
/// Cubic centimetre: 1e-6 m³.
public var cmeter3: Volume { Volume(si: 1e-6) }
/// Centimetre: 1e-2 m.
public var cm: Length { Length(si: 1e-2) }
/// Square centimetre: 1e-4 m².
public var cm2: Area { Area(si: 1e-4) }
/// Cubic centimetre: 1e-6 m³.
public var cm3: Volume { Volume(si: 1e-6) }
/// Decimetre: 1e-1 m.
public var dmetre: Length { Length(si: 1e-1) }
/// Square decimetre: 1e-2 m².
public var dmetre2: Area { Area(si: 1e-2) }
/// Cubic decimetre: 1e-3 m³.
public var dmetre3: Volume { Volume(si: 1e-3) }
/// Decimetre: 1e-1 m.
public var dmeter: Length { Length(si: 1e-1) }
/// Square decimetre: 1e-2 m².
public var dmeter2: Area { Area(si: 1e-2) }
/// Cubic decimetre: 1e-3 m³.
public var dmeter3: Volume { Volume(si: 1e-3) }
/// Decimetre: 1e-1 m.
public var dm: Length { Length(si: 1e-1) }
/// Square decimetre: 1e-2 m².
public var dm2: Area { Area(si: 1e-2) }
/// Cubic decimetre: 1e-3 m³.
public var dm3: Volume { Volume(si: 1e-3) }
/// Decametre: 1e1 m.
public var dametre: Length { Length(si: 1e1) }
/// Square decametre: 1e2 m².
public var dametre2: Area { Area(si: 1e2) }
/// Cubic decametre: 1e3 m³.
public var dametre3: Volume { Volume(si: 1e3) }
/// Decametre: 1e1 m.
public var dameter: Length { Length(si: 1e1) }
/// Square decametre: 1e2 m².
public var dameter2: Area { Area(si: 1e2) }
/// Cubic decametre: 1e3 m³.
public var dameter3: Volume { Volume(si: 1e3) }
/// Decametre: 1e1 m.
public var dam: Length { Length(si: 1e1) }
/// Square decametre: 1e2 m².
public var dam2: Area { Area(si: 1e2) }
/// Cubic decametre: 1e3 m³.
public var dam3: Volume { Volume(si: 1e3) }
/// Hectometre: 1e2 m.
public var hmetre: Length { Length(si: 1e2) }
/// Square hectometre: 1e4 m².
public var hmetre2: Area { Area(si: 1e4) }
/// Cubic hectometre: 1e6 m³.
public var hmetre3: Volume { Volume(si: 1e6) }
/// Hectometre: 1e2 m.
public var hmeter: Length { Length(si: 1e2) }
/// Square hectometre: 1e4 m².
public var hmeter2: Area { Area(si: 1e4) }
/// Cubic hectometre: 1e6 m³.
public var hmeter3: Volume { Volume(si: 1e6) }
/// Hectometre: 1e2 m.
public var hm: Length { Length(si: 1e2) }
/// Square hectometre: 1e4 m².
public var hm2: Area { Area(si: 1e4) }
/// Cubic hectometre: 1e6 m³.
public var hm3: Volume { Volume(si: 1e6) }
/// Kilometre: 1e3 m.
public var kmetre: Length { Length(si: 1e3) }
/// Square kilometre: 1e6 m².
public var kmetre2: Area { Area(si: 1e6) }
/// Cubic kilometre: 1e9 m³.
public var kmetre3: Volume { Volume(si: 1e9) }
/// Kilometre: 1e3 m.
public var kmeter: Length { Length(si: 1e3) }
/// Square kilometre: 1e6 m².
public var kmeter2: Area { Area(si: 1e6) }
/// Cubic kilometre: 1e9 m³.
public var kmeter3: Volume { Volume(si: 1e9) }
/// Kilometre: 1e3 m.
public var km: Length { Length(si: 1e3) }
/// Square kilometre: 1e6 m².
public var km2: Area { Area(si: 1e6) }
/// Cubic kilometre: 1e9 m³.
public var km3: Volume { Volume(si: 1e9) }
/// Megametre: 1e6 m.
public var Mmetre: Length { Length(si: 1e6) }
/// Square megametre: 1e12 m².
public var Mmetre2: Area { Area(si: 1e12) }
/// Cubic megametre: 1e18 m³.
public var Mmetre3: Volume { Volume(si: 1e18) }
/// Megametre: 1e6 m.
public var Mmeter: Length { Length(si: 1e6) }
/// Square megametre: 1e12 m².
public var Mmeter2: Area { Area(si: 1e12) }
/// Cubic megametre: 1e18 m³.
public var Mmeter3: Volume { Volume(si: 1e18) }
/// Megametre: 1e6 m.
public var Mm: Length { Length(si: 1e6) }
/// Square megametre: 1e12 m².
public var Mm2: Area { Area(si: 1e12) }
/// Cubic megametre: 1e18 m³.
public var Mm3: Volume { Volume(si: 1e18) }
/// Gigametre: 1e9 m.
public var Gmetre: Length { Length(si: 1e9) }
/// Square gigametre: 1e18 m².
public var Gmetre2: Area { Area(si: 1e18) }
/// Cubic gigametre: 1e27 m³.
public var Gmetre3: Volume { Volume(si: 1e27) }
/// Gigametre: 1e9 m.
public var Gmeter: Length { Length(si: 1e9) }
/// Square gigametre: 1e18 m².
public var Gmeter2: Area { Area(si: 1e18) }
/// Cubic gigametre: 1e27 m³.
public var Gmeter3: Volume { Volume(si: 1e27) }
/// Gigametre: 1e9 m.
public var Gm: Length { Length(si: 1e9) }
/// Square gigametre: 1e18 m².
public var Gm2: Area { Area(si: 1e18) }
/// Cubic gigametre: 1e27 m³.
public var Gm3: Volume { Volume(si: 1e27) }
/// Terametre: 1e12 m.
public var Tmetre: Length { Length(si: 1e12) }
/// Square terametre: 1e24 m².
public var Tmetre2: Area { Area(si: 1e24) }
/// Cubic terametre: 1e36 m³.
public var Tmetre3: Volume { Volume(si: 1e36) }
/// Terametre: 1e12 m.
public var Tmeter: Length { Length(si: 1e12) }
/// Square terametre: 1e24 m².
public var Tmeter2: Area { Area(si: 1e24) }
/// Cubic terametre: 1e36 m³.
public var Tmeter3: Volume { Volume(si: 1e36) }
/// Terametre: 1e12 m.
public var Tm: Length { Length(si: 1e12) }
/// Square terametre: 1e24 m².
public var Tm2: Area { Area(si: 1e24) }
/// Cubic terametre: 1e36 m³.
public var Tm3: Volume { Volume(si: 1e36) }
/// Petametre: 1e15 m.
public var Pmetre: Length { Length(si: 1e15) }
/// Square petametre: 1e30 m².
public var Pmetre2: Area { Area(si: 1e30) }
/// Cubic petametre: 1e45 m³.
public var Pmetre3: Volume { Volume(si: 1e45) }
/// Petametre: 1e15 m.
public var Pmeter: Length { Length(si: 1e15) }
/// Square petametre: 1e30 m².
public var Pmeter2: Area { Area(si: 1e30) }
/// Cubic petametre: 1e45 m³.
public var Pmeter3: Volume { Volume(si: 1e45) }
/// Petametre: 1e15 m.
public var Pm: Length { Length(si: 1e15) }
/// Square petametre: 1e30 m².
public var Pm2: Area { Area(si: 1e30) }
/// Cubic petametre: 1e45 m³.
public var Pm3: Volume { Volume(si: 1e45) }
/// Exametre: 1e18 m.
public var Emetre: Length { Length(si: 1e18) }
/// Square exametre: 1e36 m².
public var Emetre2: Area { Area(si: 1e36) }
/// Cubic exametre: 1e54 m³.
public var Emetre3: Volume { Volume(si: 1e54) }
/// Exametre: 1e18 m.
public var Emeter: Length { Length(si: 1e18) }
/// Square exametre: 1e36 m².
public var Emeter2: Area { Area(si: 1e36) }
/// Cubic exametre: 1e54 m³.
public var Emeter3: Volume { Volume(si: 1e54) }
/// Exametre: 1e18 m.
public var Em: Length { Length(si: 1e18) }
/// Square exametre: 1e36 m².
public var Em2: Area { Area(si: 1e36) }
/// Cubic exametre: 1e54 m³.
public var Em3: Volume { Volume(si: 1e54) }
/// Zettametre: 1e21 m.
public var Zmetre: Length { Length(si: 1e21) }
/// Square zettametre: 1e42 m².
public var Zmetre2: Area { Area(si: 1e42) }
/// Cubic zettametre: 1e63 m³.
public var Zmetre3: Volume { Volume(si: 1e63) }
/// Zettametre: 1e21 m.
public var Zmeter: Length { Length(si: 1e21) }
/// Square zettametre: 1e42 m².
public var Zmeter2: Area { Area(si: 1e42) }
/// Cubic zettametre: 1e63 m³.
public var Zmeter3: Volume { Volume(si: 1e63) }
/// Zettametre: 1e21 m.
public var Zm: Length { Length(si: 1e21) }
/// Square zettametre: 1e42 m².
public var Zm2: Area { Area(si: 1e42) }
/// Cubic zettametre: 1e63 m³.
public var Zm3: Volume { Volume(si: 1e63) }
/// Yottametre: 1e24 m.
public var Ymetre: Length { Length(si: 1e24) }
/// Square yottametre: 1e48 m².
public var Ymetre2: Area { Area(si: 1e48) }
/// Cubic yottametre: 1e72 m³.
public var Ymetre3: Volume { Volume(si: 1e72) }
/// Yottametre: 1e24 m.
public var Ymeter: Length { Length(si: 1e24) }
/// Square yottametre: 1e48 m².
public var Ymeter2: Area { Area(si: 1e48) }
/// Cubic yottametre: 1e72 m³.
public var Ymeter3: Volume { Volume(si: 1e72) }
/// Yottametre: 1e24 m.
public var Ym: Length { Length(si: 1e24) }
/// Square yottametre: 1e48 m².
public var Ym2: Area { Area(si: 1e48) }
/// Cubic yottametre: 1e72 m³.
public var Ym3: Volume { Volume(si: 1e72) }
/// Kilogram: 1 kg.
public var kilogram: Mass { Mass(si: 1e0) }
/// Kilogram: 1 kg.
public var kilogramme: Mass { Mass(si: 1e0) }
/// Kilogram: 1 kg.
public var kg: Mass { Mass(si: 1e0) }
/// Gram: 1e-3 kg.
public var gram: Mass { Mass(si: 1e-3) }
/// Gram: 1e-3 kg.
public var gramme: Mass { Mass(si: 1e-3) }
/// Yoctogram: 1e-27 kg.
public var ygram: Mass { Mass(si: 1e-27) }
/// Yoctogram: 1e-27 kg.
public var ygramme: Mass { Mass(si: 1e-27) }
/// Yoctogram: 1e-27 kg.
public var yg: Mass { Mass(si: 1e-27) }
/// Zeptogram: 1e-24 kg.
public var zgram: Mass { Mass(si: 1e-24) }
/// Zeptogram: 1e-24 kg.
public var zgramme: Mass { Mass(si: 1e-24) }
/// Zeptogram: 1e-24 kg.
public var zg: Mass { Mass(si: 1e-24) }
/// Attogram: 1e-21 kg.
public var agram: Mass { Mass(si: 1e-21) }
/// Attogram: 1e-21 kg.
public var agramme: Mass { Mass(si: 1e-21) }
/// Attogram: 1e-21 kg.
public var ag: Mass { Mass(si: 1e-21) }
/// Femtogram: 1e-18 kg.
public var fgram: Mass { Mass(si: 1e-18) }
/// Femtogram: 1e-18 kg.
public var fgramme: Mass { Mass(si: 1e-18) }
/// Femtogram: 1e-18 kg.
public var fg: Mass { Mass(si: 1e-18) }
/// Picogram: 1e-15 kg.
public var pgram: Mass { Mass(si: 1e-15) }
/// Picogram: 1e-15 kg.
public var pgramme: Mass { Mass(si: 1e-15) }
/// Picogram: 1e-15 kg.
public var pg: Mass { Mass(si: 1e-15) }
/// Nanogram: 1e-12 kg.
public var ngram: Mass { Mass(si: 1e-12) }
/// Nanogram: 1e-12 kg.
public var ngramme: Mass { Mass(si: 1e-12) }
/// Nanogram: 1e-12 kg.
public var ng: Mass { Mass(si: 1e-12) }
/// Microgram: 1e-9 kg.
public var ugram: Mass { Mass(si: 1e-9) }
/// Microgram: 1e-9 kg.
public var ugramme: Mass { Mass(si: 1e-9) }
/// Microgram: 1e-9 kg.
public var ug: Mass { Mass(si: 1e-9) }
/// Milligram: 1e-6 kg.
public var mgram: Mass { Mass(si: 1e-6) }
/// Milligram: 1e-6 kg.
public var mgramme: Mass { Mass(si: 1e-6) }
/// Milligram: 1e-6 kg.
public var mg: Mass { Mass(si: 1e-6) }
/// Centigram: 1e-5 kg.
public var cgram: Mass { Mass(si: 1e-5) }
/// Centigram: 1e-5 kg.
public var cgramme: Mass { Mass(si: 1e-5) }
/// Centigram: 1e-5 kg.
public var cg: Mass { Mass(si: 1e-5) }
/// Decigram: 1e-4 kg.
public var dgram: Mass { Mass(si: 1e-4) }
/// Decigram: 1e-4 kg.
public var dgramme: Mass { Mass(si: 1e-4) }
/// Decigram: 1e-4 kg.
public var dg: Mass { Mass(si: 1e-4) }
/// Decagram: 1e-2 kg.
public var dagram: Mass { Mass(si: 1e-2) }
/// Decagram: 1e-2 kg.
public var dagramme: Mass { Mass(si: 1e-2) }
/// Decagram: 1e-2 kg.
public var dag: Mass { Mass(si: 1e-2) }
/// Hectogram: 1e-1 kg.
public var hgram: Mass { Mass(si: 1e-1) }
/// Hectogram: 1e-1 kg.
public var hgramme: Mass { Mass(si: 1e-1) }
/// Hectogram: 1e-1 kg.
public var hg: Mass { Mass(si: 1e-1) }
/// Kilogram: 1 kg.
public var kgram: Mass { Mass(si: 1e0) }
/// Kilogram: 1 kg.
public var kgramme: Mass { Mass(si: 1e0) }
/// Megagram: 1e3 kg.
public var Mgram: Mass { Mass(si: 1e3) }
/// Megagram: 1e3 kg.
public var Mgramme: Mass { Mass(si: 1e3) }
/// Megagram: 1e3 kg.
public var Mg: Mass { Mass(si: 1e3) }
/// Gigagram: 1e6 kg.
public var Ggram: Mass { Mass(si: 1e6) }
/// Gigagram: 1e6 kg.
public var Ggramme: Mass { Mass(si: 1e6) }
/// Gigagram: 1e6 kg.
public var Gg: Mass { Mass(si: 1e6) }
/// Teragram: 1e9 kg.
public var Tgram: Mass { Mass(si: 1e9) }
/// Teragram: 1e9 kg.
public var Tgramme: Mass { Mass(si: 1e9) }
/// Teragram: 1e9 kg.
public var Tg: Mass { Mass(si: 1e9) }
/// Petagram: 1e12 kg.
public var Pgram: Mass { Mass(si: 1e12) }
/// Petagram: 1e12 kg.
public var Pgramme: Mass { Mass(si: 1e12) }
/// Petagram: 1e12 kg.
public var Pg: Mass { Mass(si: 1e12) }
/// Exagram: 1e15 kg.
public var Egram: Mass { Mass(si: 1e15) }
/// Exagram: 1e15 kg.
public var Egramme: Mass { Mass(si: 1e15) }
/// Exagram: 1e15 kg.
public var Eg: Mass { Mass(si: 1e15) }
/// Zettagram: 1e18 kg.
public var Zgram: Mass { Mass(si: 1e18) }
/// Zettagram: 1e18 kg.
public var Zgramme: Mass { Mass(si: 1e18) }
/// Zettagram: 1e18 kg.
public var Zg: Mass { Mass(si: 1e18) }
/// Yottagram: 1e21 kg.
public var Ygram: Mass { Mass(si: 1e21) }
/// Yottagram: 1e21 kg.
public var Ygramme: Mass { Mass(si: 1e21) }
/// Yottagram: 1e21 kg.
public var Yg: Mass { Mass(si: 1e21) }
/// Second: 1 s.
public var second: Time { Time(si: 1e0) }
/// Yoctosecond: 1e-24 s.
public var ysecond: Time { Time(si: 1e-24) }
/// Yoctosecond: 1e-24 s.
public var ys: Time { Time(si: 1e-24) }
/// Zeptosecond: 1e-21 s.
public var zsecond: Time { Time(si: 1e-21) }
/// Zeptosecond: 1e-21 s.
public var zs: Time { Time(si: 1e-21) }
/// Attosecond: 1e-18 s.
public var asecond: Time { Time(si: 1e-18) }
/// Femtosecond: 1e-15 s.
public var fsecond: Time { Time(si: 1e-15) }
/// Femtosecond: 1e-15 s.
public var fs: Time { Time(si: 1e-15) }
/// Picosecond: 1e-12 s.
public var psecond: Time { Time(si: 1e-12) }
/// Picosecond: 1e-12 s.
public var ps: Time { Time(si: 1e-12) }
/// Nanosecond: 1e-9 s.
public var nsecond: Time { Time(si: 1e-9) }
/// Nanosecond: 1e-9 s.
public var ns: Time { Time(si: 1e-9) }
/// Microsecond: 1e-6 s.
public var usecond: Time { Time(si: 1e-6) }
/// Microsecond: 1e-6 s.
public var us: Time { Time(si: 1e-6) }
/// Millisecond: 1e-3 s.
public var msecond: Time { Time(si: 1e-3) }
/// Millisecond: 1e-3 s.
public var ms: Time { Time(si: 1e-3) }
/// Centisecond: 1e-2 s.
public var csecond: Time { Time(si: 1e-2) }
/// Centisecond: 1e-2 s.
public var cs: Time { Time(si: 1e-2) }
/// Decisecond: 1e-1 s.
public var dsecond: Time { Time(si: 1e-1) }
/// Decisecond: 1e-1 s.
public var ds: Time { Time(si: 1e-1) }
/// Decasecond: 1e1 s.
public var dasecond: Time { Time(si: 1e1) }
/// Decasecond: 1e1 s.
public var das: Time { Time(si: 1e1) }
/// Hectosecond: 1e2 s.
public var hsecond: Time { Time(si: 1e2) }
/// Hectosecond: 1e2 s.
public var hs: Time { Time(si: 1e2) }
/// Kilosecond: 1e3 s.
public var ksecond: Time { Time(si: 1e3) }
/// Kilosecond: 1e3 s.
public var ks: Time { Time(si: 1e3) }
/// Megasecond: 1e6 s.
public var Msecond: Time { Time(si: 1e6) }
/// Megasecond: 1e6 s.
public var Ms: Time { Time(si: 1e6) }
/// Gigasecond: 1e9 s.
public var Gsecond: Time { Time(si: 1e9) }
/// Gigasecond: 1e9 s.
public var Gs: Time { Time(si: 1e9) }
/// Terasecond: 1e12 s.
public var Tsecond: Time { Time(si: 1e12) }
/// Terasecond: 1e12 s.
public var Ts: Time { Time(si: 1e12) }
/// Petasecond: 1e15 s.
public var Psecond: Time { Time(si: 1e15) }
/// Petasecond: 1e15 s.
public var Ps: Time { Time(si: 1e15) }
/// Exasecond: 1e18 s.
public var Esecond: Time { Time(si: 1e18) }
/// Exasecond: 1e18 s.
public var Es: Time { Time(si: 1e18) }
/// Zettasecond: 1e21 s.
public var Zsecond: Time { Time(si: 1e21) }
/// Zettasecond: 1e21 s.
public var Zs: Time { Time(si: 1e21) }
/// Yottasecond: 1e24 s.
public var Ysecond: Time { Time(si: 1e24) }
/// Yottasecond: 1e24 s.
public var Ys: Time { Time(si: 1e24) }
/// Amp: 1 A.
public var amp: Current { Current(si: 1e0) }
/// Amp: 1 A.
public var ampere: Current { Current(si: 1e0) }
/// Yoctoamp: 1e-24 A.
public var yamp: Current { Current(si: 1e-24) }
/// Yoctoamp: 1e-24 A.
public var yampere: Current { Current(si: 1e-24) }
/// Yoctoamp: 1e-24 A.
public var yA: Current { Current(si: 1e-24) }
/// Zeptoamp: 1e-21 A.
public var zamp: Current { Current(si: 1e-21) }
/// Zeptoamp: 1e-21 A.
public var zampere: Current { Current(si: 1e-21) }
/// Zeptoamp: 1e-21 A.
public var zA: Current { Current(si: 1e-21) }
/// Attoamp: 1e-18 A.
public var aamp: Current { Current(si: 1e-18) }
/// Attoamp: 1e-18 A.
public var aampere: Current { Current(si: 1e-18) }
/// Attoamp: 1e-18 A.
public var aA: Current { Current(si: 1e-18) }
/// Femtoamp: 1e-15 A.
public var famp: Current { Current(si: 1e-15) }
/// Femtoamp: 1e-15 A.
public var fampere: Current { Current(si: 1e-15) }
/// Femtoamp: 1e-15 A.
public var fA: Current { Current(si: 1e-15) }
/// Picoamp: 1e-12 A.
public var pamp: Current { Current(si: 1e-12) }
/// Picoamp: 1e-12 A.
public var pampere: Current { Current(si: 1e-12) }
/// Picoamp: 1e-12 A.
public var pA: Current { Current(si: 1e-12) }
/// Nanoamp: 1e-9 A.
public var namp: Current { Current(si: 1e-9) }
/// Nanoamp: 1e-9 A.
public var nampere: Current { Current(si: 1e-9) }
/// Nanoamp: 1e-9 A.
public var nA: Current { Current(si: 1e-9) }
/// Microamp: 1e-6 A.
public var uamp: Current { Current(si: 1e-6) }
/// Microamp: 1e-6 A.
public var uampere: Current { Current(si: 1e-6) }
/// Microamp: 1e-6 A.
public var uA: Current { Current(si: 1e-6) }
/// Milliamp: 1e-3 A.
public var mamp: Current { Current(si: 1e-3) }
/// Milliamp: 1e-3 A.
public var mampere: Current { Current(si: 1e-3) }
/// Milliamp: 1e-3 A.
public var mA: Current { Current(si: 1e-3) }
/// Centiamp: 1e-2 A.
public var camp: Current { Current(si: 1e-2) }
/// Centiamp: 1e-2 A.
public var campere: Current { Current(si: 1e-2) }
/// Centiamp: 1e-2 A.
public var cA: Current { Current(si: 1e-2) }
/// Deciamp: 1e-1 A.
public var damp: Current { Current(si: 1e-1) }
/// Deciamp: 1e-1 A.
public var dampere: Current { Current(si: 1e-1) }
/// Deciamp: 1e-1 A.
public var dA: Current { Current(si: 1e-1) }
/// Decaamp: 1e1 A.
public var daamp: Current { Current(si: 1e1) }
/// Decaamp: 1e1 A.
public var daampere: Current { Current(si: 1e1) }
/// Decaamp: 1e1 A.
public var daA: Current { Current(si: 1e1) }
/// Hectoamp: 1e2 A.
public var hamp: Current { Current(si: 1e2) }
/// Hectoamp: 1e2 A.
public var hampere: Current { Current(si: 1e2) }
/// Hectoamp: 1e2 A.
public var hA: Current { Current(si: 1e2) }
/// Kiloamp: 1e3 A.
public var kamp: Current { Current(si: 1e3) }
/// Kiloamp: 1e3 A.
public var kampere: Current { Current(si: 1e3) }
/// Kiloamp: 1e3 A.
public var kA: Current { Current(si: 1e3) }
/// Megaamp: 1e6 A.
public var Mamp: Current { Current(si: 1e6) }
/// Megaamp: 1e6 A.
public var Mampere: Current { Current(si: 1e6) }
/// Megaamp: 1e6 A.
public var MA: Current { Current(si: 1e6) }
/// Gigaamp: 1e9 A.
public var Gamp: Current { Current(si: 1e9) }
/// Gigaamp: 1e9 A.
public var Gampere: Current { Current(si: 1e9) }
/// Gigaamp: 1e9 A.
public var GA: Current { Current(si: 1e9) }
/// Teraamp: 1e12 A.
public var Tamp: Current { Current(si: 1e12) }
/// Teraamp: 1e12 A.
public var Tampere: Current { Current(si: 1e12) }
/// Teraamp: 1e12 A.
public var TA: Current { Current(si: 1e12) }
/// Petaamp: 1e15 A.
public var Pamp: Current { Current(si: 1e15) }
/// Petaamp: 1e15 A.
public var Pampere: Current { Current(si: 1e15) }
/// Petaamp: 1e15 A.
public var PA: Current { Current(si: 1e15) }
/// Exaamp: 1e18 A.
public var Eamp: Current { Current(si: 1e18) }
/// Exaamp: 1e18 A.
public var Eampere: Current { Current(si: 1e18) }
/// Exaamp: 1e18 A.
public var EA: Current { Current(si: 1e18) }
/// Zettaamp: 1e21 A.
public var Zamp: Current { Current(si: 1e21) }
/// Zettaamp: 1e21 A.
public var Zampere: Current { Current(si: 1e21) }
/// Zettaamp: 1e21 A.
public var ZA: Current { Current(si: 1e21) }
/// Yottaamp: 1e24 A.
public var Yamp: Current { Current(si: 1e24) }
/// Yottaamp: 1e24 A.
public var Yampere: Current { Current(si: 1e24) }
/// Yottaamp: 1e24 A.
public var YA: Current { Current(si: 1e24) }
/// Kelvin: 1 K.
public var kelvin: Temperature { Temperature(si: 1e0) }
/// Mole: 1 mol.
public var mole: Substance { Substance(si: 1e0) }
/// Mole: 1 mol.
public var mol: Substance { Substance(si: 1e0) }
/// Yoctomole: 1e-24 mol.
public var ymole: Substance { Substance(si: 1e-24) }
/// Yoctomole: 1e-24 mol.
public var ymol: Substance { Substance(si: 1e-24) }
/// Zeptomole: 1e-21 mol.
public var zmole: Substance { Substance(si: 1e-21) }
/// Zeptomole: 1e-21 mol.
public var zmol: Substance { Substance(si: 1e-21) }
/// Attomole: 1e-18 mol.
public var amole: Substance { Substance(si: 1e-18) }
/// Attomole: 1e-18 mol.
public var amol: Substance { Substance(si: 1e-18) }
/// Femtomole: 1e-15 mol.
public var fmole: Substance { Substance(si: 1e-15) }
/// Femtomole: 1e-15 mol.
public var fmol: Substance { Substance(si: 1e-15) }
/// Picomole: 1e-12 mol.
public var pmole: Substance { Substance(si: 1e-12) }
/// Picomole: 1e-12 mol.
public var pmol: Substance { Substance(si: 1e-12) }
/// Nanomole: 1e-9 mol.
public var nmole: Substance { Substance(si: 1e-9) }
/// Nanomole: 1e-9 mol.
public var nmol: Substance { Substance(si: 1e-9) }
/// Micromole: 1e-6 mol.
public var umole: Substance { Substance(si: 1e-6) }
/// Micromole: 1e-6 mol.
public var umol: Substance { Substance(si: 1e-6) }
/// Millimole: 1e-3 mol.
public var mmole: Substance { Substance(si: 1e-3) }
/// Millimole: 1e-3 mol.
public var mmol: Substance { Substance(si: 1e-3) }
/// Centimole: 1e-2 mol.
public var cmole: Substance { Substance(si: 1e-2) }
/// Centimole: 1e-2 mol.
public var cmol: Substance { Substance(si: 1e-2) }
/// Decimole: 1e-1 mol.
public var dmole: Substance { Substance(si: 1e-1) }
/// Decimole: 1e-1 mol.
public var dmol: Substance { Substance(si: 1e-1) }
/// Decamole: 1e1 mol.
public var damole: Substance { Substance(si: 1e1) }
/// Decamole: 1e1 mol.
public var damol: Substance { Substance(si: 1e1) }
/// Hectomole: 1e2 mol.
public var hmole: Substance { Substance(si: 1e2) }
/// Hectomole: 1e2 mol.
public var hmol: Substance { Substance(si: 1e2) }
/// Kilomole: 1e3 mol.
public var kmole: Substance { Substance(si: 1e3) }
/// Kilomole: 1e3 mol.
public var kmol: Substance { Substance(si: 1e3) }
/// Megamole: 1e6 mol.
public var Mmole: Substance { Substance(si: 1e6) }
/// Megamole: 1e6 mol.
public var Mmol: Substance { Substance(si: 1e6) }
/// Gigamole: 1e9 mol.
public var Gmole: Substance { Substance(si: 1e9) }
/// Gigamole: 1e9 mol.
public var Gmol: Substance { Substance(si: 1e9) }
/// Teramole: 1e12 mol.
public var Tmole: Substance { Substance(si: 1e12) }
/// Teramole: 1e12 mol.
public var Tmol: Substance { Substance(si: 1e12) }
/// Petamole: 1e15 mol.
public var Pmole: Substance { Substance(si: 1e15) }
/// Petamole: 1e15 mol.
public var Pmol: Substance { Substance(si: 1e15) }
/// Examole: 1e18 mol.
public var Emole: Substance { Substance(si: 1e18) }
/// Examole: 1e18 mol.
public var Emol: Substance { Substance(si: 1e18) }
/// Zettamole: 1e21 mol.
public var Zmole: Substance { Substance(si: 1e21) }
/// Zettamole: 1e21 mol.
public var Zmol: Substance { Substance(si: 1e21) }
/// Yottamole: 1e24 mol.
public var Ymole: Substance { Substance(si: 1e24) }
/// Yottamole: 1e24 mol.
public var Ymol: Substance { Substance(si: 1e24) }
/// Candle: 1 cd.
public var candle: LuminousIntensity { LuminousIntensity(si: 1e0) }
/// Candle: 1 cd.
public var cd: LuminousIntensity { LuminousIntensity(si: 1e0) }
/// Yoctocandle: 1e-24 cd.
public var ycandle: LuminousIntensity { LuminousIntensity(si: 1e-24) }
/// Yoctocandle: 1e-24 cd.
public var ycd: LuminousIntensity { LuminousIntensity(si: 1e-24) }
/// Zeptocandle: 1e-21 cd.
public var zcandle: LuminousIntensity { LuminousIntensity(si: 1e-21) }
/// Zeptocandle: 1e-21 cd.
public var zcd: LuminousIntensity { LuminousIntensity(si: 1e-21) }
/// Attocandle: 1e-18 cd.
public var acandle: LuminousIntensity { LuminousIntensity(si: 1e-18) }
/// Attocandle: 1e-18 cd.
public var acd: LuminousIntensity { LuminousIntensity(si: 1e-18) }
/// Femtocandle: 1e-15 cd.
public var fcandle: LuminousIntensity { LuminousIntensity(si: 1e-15) }
/// Femtocandle: 1e-15 cd.
public var fcd: LuminousIntensity { LuminousIntensity(si: 1e-15) }
/// Picocandle: 1e-12 cd.
public var pcandle: LuminousIntensity { LuminousIntensity(si: 1e-12) }
/// Picocandle: 1e-12 cd.
public var pcd: LuminousIntensity { LuminousIntensity(si: 1e-12) }
/// Nanocandle: 1e-9 cd.
public var ncandle: LuminousIntensity { LuminousIntensity(si: 1e-9) }
/// Nanocandle: 1e-9 cd.
public var ncd: LuminousIntensity { LuminousIntensity(si: 1e-9) }
/// Microcandle: 1e-6 cd.
public var ucandle: LuminousIntensity { LuminousIntensity(si: 1e-6) }
/// Microcandle: 1e-6 cd.
public var ucd: LuminousIntensity { LuminousIntensity(si: 1e-6) }
/// Millicandle: 1e-3 cd.
public var mcandle: LuminousIntensity { LuminousIntensity(si: 1e-3) }
/// Millicandle: 1e-3 cd.
public var mcd: LuminousIntensity { LuminousIntensity(si: 1e-3) }
/// Centicandle: 1e-2 cd.
public var ccandle: LuminousIntensity { LuminousIntensity(si: 1e-2) }
/// Centicandle: 1e-2 cd.
public var ccd: LuminousIntensity { LuminousIntensity(si: 1e-2) }
/// Decicandle: 1e-1 cd.
public var dcandle: LuminousIntensity { LuminousIntensity(si: 1e-1) }
/// Decicandle: 1e-1 cd.
public var dcd: LuminousIntensity { LuminousIntensity(si: 1e-1) }
/// Decacandle: 1e1 cd.
public var dacandle: LuminousIntensity { LuminousIntensity(si: 1e1) }
/// Decacandle: 1e1 cd.
public var dacd: LuminousIntensity { LuminousIntensity(si: 1e1) }
/// Hectocandle: 1e2 cd.
public var hcandle: LuminousIntensity { LuminousIntensity(si: 1e2) }
/// Hectocandle: 1e2 cd.
public var hcd: LuminousIntensity { LuminousIntensity(si: 1e2) }
/// Kilocandle: 1e3 cd.
public var kcandle: LuminousIntensity { LuminousIntensity(si: 1e3) }
/// Kilocandle: 1e3 cd.
public var kcd: LuminousIntensity { LuminousIntensity(si: 1e3) }
/// Megacandle: 1e6 cd.
public var Mcandle: LuminousIntensity { LuminousIntensity(si: 1e6) }
/// Megacandle: 1e6 cd.
public var Mcd: LuminousIntensity { LuminousIntensity(si: 1e6) }
/// Gigacandle: 1e9 cd.
public var Gcandle: LuminousIntensity { LuminousIntensity(si: 1e9) }
/// Gigacandle: 1e9 cd.
public var Gcd: LuminousIntensity { LuminousIntensity(si: 1e9) }
/// Teracandle: 1e12 cd.
public var Tcandle: LuminousIntensity { LuminousIntensity(si: 1e12) }
/// Teracandle: 1e12 cd.
public var Tcd: LuminousIntensity { LuminousIntensity(si: 1e12) }
/// Petacandle: 1e15 cd.
public var Pcandle: LuminousIntensity { LuminousIntensity(si: 1e15) }
/// Petacandle: 1e15 cd.
public var Pcd: LuminousIntensity { LuminousIntensity(si: 1e15) }
/// Exacandle: 1e18 cd.
public var Ecandle: LuminousIntensity { LuminousIntensity(si: 1e18) }
/// Exacandle: 1e18 cd.
public var Ecd: LuminousIntensity { LuminousIntensity(si: 1e18) }
/// Zettacandle: 1e21 cd.
public var Zcandle: LuminousIntensity { LuminousIntensity(si: 1e21) }
/// Zettacandle: 1e21 cd.
public var Zcd: LuminousIntensity { LuminousIntensity(si: 1e21) }
/// Yottacandle: 1e24 cd.
public var Ycandle: LuminousIntensity { LuminousIntensity(si: 1e24) }
/// Yottacandle: 1e24 cd.
public var Ycd: LuminousIntensity { LuminousIntensity(si: 1e24) }
/// Molar: 1e3 mol/m³.
public var molar: Concentration { Concentration(si: 1e3) }
/// Yoctomolar: 1e-21 mol/m³.
public var ymolar: Concentration { Concentration(si: 1e-21) }
/// Yoctomolar: 1e-21 mol/m³.
public var yM: Concentration { Concentration(si: 1e-21) }
/// Zeptomolar: 1e-18 mol/m³.
public var zmolar: Concentration { Concentration(si: 1e-18) }
/// Zeptomolar: 1e-18 mol/m³.
public var zM: Concentration { Concentration(si: 1e-18) }
/// Attomolar: 1e-15 mol/m³.
public var amolar: Concentration { Concentration(si: 1e-15) }
/// Attomolar: 1e-15 mol/m³.
public var aM: Concentration { Concentration(si: 1e-15) }
/// Femtomolar: 1e-12 mol/m³.
public var fmolar: Concentration { Concentration(si: 1e-12) }
/// Femtomolar: 1e-12 mol/m³.
public var fM: Concentration { Concentration(si: 1e-12) }
/// Picomolar: 1e-9 mol/m³.
public var pmolar: Concentration { Concentration(si: 1e-9) }
/// Picomolar: 1e-9 mol/m³.
public var pM: Concentration { Concentration(si: 1e-9) }
/// Nanomolar: 1e-6 mol/m³.
public var nmolar: Concentration { Concentration(si: 1e-6) }
/// Nanomolar: 1e-6 mol/m³.
public var nM: Concentration { Concentration(si: 1e-6) }
/// Micromolar: 1e-3 mol/m³.
public var umolar: Concentration { Concentration(si: 1e-3) }
/// Micromolar: 1e-3 mol/m³.
public var uM: Concentration { Concentration(si: 1e-3) }
/// Millimolar: 1 mol/m³.
public var mmolar: Concentration { Concentration(si: 1e0) }
/// Millimolar: 1 mol/m³.
public var mM: Concentration { Concentration(si: 1e0) }
/// Centimolar: 1e1 mol/m³.
public var cmolar: Concentration { Concentration(si: 1e1) }
/// Centimolar: 1e1 mol/m³.
public var cM: Concentration { Concentration(si: 1e1) }
/// Decimolar: 1e2 mol/m³.
public var dmolar: Concentration { Concentration(si: 1e2) }
/// Decimolar: 1e2 mol/m³.
public var dM: Concentration { Concentration(si: 1e2) }
/// Decamolar: 1e4 mol/m³.
public var damolar: Concentration { Concentration(si: 1e4) }
/// Decamolar: 1e4 mol/m³.
public var daM: Concentration { Concentration(si: 1e4) }
/// Hectomolar: 1e5 mol/m³.
public var hmolar: Concentration { Concentration(si: 1e5) }
/// Hectomolar: 1e5 mol/m³.
public var hM: Concentration { Concentration(si: 1e5) }
/// Kilomolar: 1e6 mol/m³.
public var kmolar: Concentration { Concentration(si: 1e6) }
/// Kilomolar: 1e6 mol/m³.
public var kM: Concentration { Concentration(si: 1e6) }
/// Megamolar: 1e9 mol/m³.
public var Mmolar: Concentration { Concentration(si: 1e9) }
/// Megamolar: 1e9 mol/m³.
public var MM: Concentration { Concentration(si: 1e9) }
/// Gigamolar: 1e12 mol/m³.
public var Gmolar: Concentration { Concentration(si: 1e12) }
/// Gigamolar: 1e12 mol/m³.
public var GM: Concentration { Concentration(si: 1e12) }
/// Teramolar: 1e15 mol/m³.
public var Tmolar: Concentration { Concentration(si: 1e15) }
/// Teramolar: 1e15 mol/m³.
public var TM: Concentration { Concentration(si: 1e15) }
/// Petamolar: 1e18 mol/m³.
public var Pmolar: Concentration { Concentration(si: 1e18) }
/// Petamolar: 1e18 mol/m³.
public var PM: Concentration { Concentration(si: 1e18) }
/// Examolar: 1e21 mol/m³.
public var Emolar: Concentration { Concentration(si: 1e21) }
/// Examolar: 1e21 mol/m³.
public var EM: Concentration { Concentration(si: 1e21) }
/// Zettamolar: 1e24 mol/m³.
public var Zmolar: Concentration { Concentration(si: 1e24) }
/// Zettamolar: 1e24 mol/m³.
public var ZM: Concentration { Concentration(si: 1e24) }
/// Yottamolar: 1e27 mol/m³.
public var Ymolar: Concentration { Concentration(si: 1e27) }
/// Yottamolar: 1e27 mol/m³.
public var YM: Concentration { Concentration(si: 1e27) }
/// Radian: 1.
public var radian: Angle { Angle(si: 1e0) }
/// Radian: 1.
public var rad: Angle { Angle(si: 1e0) }
/// Yoctoradian: 1e-24.
public var yradian: Angle { Angle(si: 1e-24) }
/// Yoctoradian: 1e-24.
public var yrad: Angle { Angle(si: 1e-24) }
/// Zeptoradian: 1e-21.
public var zradian: Angle { Angle(si: 1e-21) }
/// Zeptoradian: 1e-21.
public var zrad: Angle { Angle(si: 1e-21) }
/// Attoradian: 1e-18.
public var aradian: Angle { Angle(si: 1e-18) }
/// Attoradian: 1e-18.
public var arad: Angle { Angle(si: 1e-18) }
/// Femtoradian: 1e-15.
public var fradian: Angle { Angle(si: 1e-15) }
/// Femtoradian: 1e-15.
public var frad: Angle { Angle(si: 1e-15) }
/// Picoradian: 1e-12.
public var pradian: Angle { Angle(si: 1e-12) }
/// Picoradian: 1e-12.
public var prad: Angle { Angle(si: 1e-12) }
/// Nanoradian: 1e-9.
public var nradian: Angle { Angle(si: 1e-9) }
/// Nanoradian: 1e-9.
public var nrad: Angle { Angle(si: 1e-9) }
/// Microradian: 1e-6.
public var uradian: Angle { Angle(si: 1e-6) }
/// Microradian: 1e-6.
public var urad: Angle { Angle(si: 1e-6) }
/// Milliradian: 1e-3.
public var mradian: Angle { Angle(si: 1e-3) }
/// Milliradian: 1e-3.
public var mrad: Angle { Angle(si: 1e-3) }
/// Centiradian: 1e-2.
public var cradian: Angle { Angle(si: 1e-2) }
/// Centiradian: 1e-2.
public var crad: Angle { Angle(si: 1e-2) }
/// Deciradian: 1e-1.
public var dradian: Angle { Angle(si: 1e-1) }
/// Deciradian: 1e-1.
public var drad: Angle { Angle(si: 1e-1) }
/// Decaradian: 1e1.
public var daradian: Angle { Angle(si: 1e1) }
/// Decaradian: 1e1.
public var darad: Angle { Angle(si: 1e1) }
/// Hectoradian: 1e2.
public var hradian: Angle { Angle(si: 1e2) }
/// Hectoradian: 1e2.
public var hrad: Angle { Angle(si: 1e2) }
/// Kiloradian: 1e3.
public var kradian: Angle { Angle(si: 1e3) }
/// Kiloradian: 1e3.
public var krad: Angle { Angle(si: 1e3) }
/// Megaradian: 1e6.
public var Mradian: Angle { Angle(si: 1e6) }
/// Megaradian: 1e6.
public var Mrad: Angle { Angle(si: 1e6) }
/// Gigaradian: 1e9.
public var Gradian: Angle { Angle(si: 1e9) }
/// Gigaradian: 1e9.
public var Grad: Angle { Angle(si: 1e9) }
/// Teraradian: 1e12.
public var Tradian: Angle { Angle(si: 1e12) }
/// Teraradian: 1e12.
public var Trad: Angle { Angle(si: 1e12) }
/// Petaradian: 1e15.
public var Pradian: Angle { Angle(si: 1e15) }
/// Petaradian: 1e15.
public var Prad: Angle { Angle(si: 1e15) }
/// Exaradian: 1e18.
public var Eradian: Angle { Angle(si: 1e18) }
/// Exaradian: 1e18.
public var Erad: Angle { Angle(si: 1e18) }
/// Zettaradian: 1e21.
public var Zradian: Angle { Angle(si: 1e21) }
/// Zettaradian: 1e21.
public var Zrad: Angle { Angle(si: 1e21) }
/// Yottaradian: 1e24.
public var Yradian: Angle { Angle(si: 1e24) }
/// Yottaradian: 1e24.
public var Yrad: Angle { Angle(si: 1e24) }
/// Steradian: 1.
public var steradian: Angle { Angle(si: 1e0) }
/// Steradian: 1.
public var sr: Angle { Angle(si: 1e0) }
/// Yoctosteradian: 1e-24.
public var ysteradian: Angle { Angle(si: 1e-24) }
/// Yoctosteradian: 1e-24.
public var ysr: Angle { Angle(si: 1e-24) }
/// Zeptosteradian: 1e-21.
public var zsteradian: Angle { Angle(si: 1e-21) }
/// Zeptosteradian: 1e-21.
public var zsr: Angle { Angle(si: 1e-21) }
/// Attosteradian: 1e-18.
public var asteradian: Angle { Angle(si: 1e-18) }
/// Attosteradian: 1e-18.
public var asr: Angle { Angle(si: 1e-18) }
/// Femtosteradian: 1e-15.
public var fsteradian: Angle { Angle(si: 1e-15) }
/// Femtosteradian: 1e-15.
public var fsr: Angle { Angle(si: 1e-15) }
/// Picosteradian: 1e-12.
public var psteradian: Angle { Angle(si: 1e-12) }
/// Picosteradian: 1e-12.
public var psr: Angle { Angle(si: 1e-12) }
/// Nanosteradian: 1e-9.
public var nsteradian: Angle { Angle(si: 1e-9) }
/// Nanosteradian: 1e-9.
public var nsr: Angle { Angle(si: 1e-9) }
/// Microsteradian: 1e-6.
public var usteradian: Angle { Angle(si: 1e-6) }
/// Microsteradian: 1e-6.
public var usr: Angle { Angle(si: 1e-6) }
/// Millisteradian: 1e-3.
public var msteradian: Angle { Angle(si: 1e-3) }
/// Millisteradian: 1e-3.
public var msr: Angle { Angle(si: 1e-3) }
/// Centisteradian: 1e-2.
public var csteradian: Angle { Angle(si: 1e-2) }
/// Centisteradian: 1e-2.
public var csr: Angle { Angle(si: 1e-2) }
/// Decisteradian: 1e-1.
public var dsteradian: Angle { Angle(si: 1e-1) }
/// Decisteradian: 1e-1.
public var dsr: Angle { Angle(si: 1e-1) }
/// Decasteradian: 1e1.
public var dasteradian: Angle { Angle(si: 1e1) }
/// Decasteradian: 1e1.
public var dasr: Angle { Angle(si: 1e1) }
/// Hectosteradian: 1e2.
public var hsteradian: Angle { Angle(si: 1e2) }
/// Hectosteradian: 1e2.
public var hsr: Angle { Angle(si: 1e2) }
/// Kilosteradian: 1e3.
public var ksteradian: Angle { Angle(si: 1e3) }
/// Kilosteradian: 1e3.
public var ksr: Angle { Angle(si: 1e3) }
/// Megasteradian: 1e6.
public var Msteradian: Angle { Angle(si: 1e6) }
/// Megasteradian: 1e6.
public var Msr: Angle { Angle(si: 1e6) }
/// Gigasteradian: 1e9.
public var Gsteradian: Angle { Angle(si: 1e9) }
/// Gigasteradian: 1e9.
public var Gsr: Angle { Angle(si: 1e9) }
/// Terasteradian: 1e12.
public var Tsteradian: Angle { Angle(si: 1e12) }
/// Terasteradian: 1e12.
public var Tsr: Angle { Angle(si: 1e12) }
/// Petasteradian: 1e15.
public var Psteradian: Angle { Angle(si: 1e15) }
/// Petasteradian: 1e15.
public var Psr: Angle { Angle(si: 1e15) }
/// Exasteradian: 1e18.
public var Esteradian: Angle { Angle(si: 1e18) }
/// Exasteradian: 1e18.
public var Esr: Angle { Angle(si: 1e18) }
/// Zettasteradian: 1e21.
public var Zsteradian: Angle { Angle(si: 1e21) }
/// Zettasteradian: 1e21.
public var Zsr: Angle { Angle(si: 1e21) }
/// Yottasteradian: 1e24.
public var Ysteradian: Angle { Angle(si: 1e24) }
/// Yottasteradian: 1e24.
public var Ysr: Angle { Angle(si: 1e24) }
/// Hertz: 1 Hz.
public var hertz: Frequency { Frequency(si: 1e0) }
/// Hertz: 1 Hz.
public var Hz: Frequency { Frequency(si: 1e0) }
/// Yoctohertz: 1e-24 Hz.
public var yhertz: Frequency { Frequency(si: 1e-24) }
/// Yoctohertz: 1e-24 Hz.
public var yHz: Frequency { Frequency(si: 1e-24) }
/// Zeptohertz: 1e-21 Hz.
public var zhertz: Frequency { Frequency(si: 1e-21) }
/// Zeptohertz: 1e-21 Hz.
public var zHz: Frequency { Frequency(si: 1e-21) }
/// Attohertz: 1e-18 Hz.
public var ahertz: Frequency { Frequency(si: 1e-18) }
/// Attohertz: 1e-18 Hz.
public var aHz: Frequency { Frequency(si: 1e-18) }
/// Femtohertz: 1e-15 Hz.
public var fhertz: Frequency { Frequency(si: 1e-15) }
/// Femtohertz: 1e-15 Hz.
public var fHz: Frequency { Frequency(si: 1e-15) }
/// Picohertz: 1e-12 Hz.
public var phertz: Frequency { Frequency(si: 1e-12) }
/// Picohertz: 1e-12 Hz.
public var pHz: Frequency { Frequency(si: 1e-12) }
/// Nanohertz: 1e-9 Hz.
public var nhertz: Frequency { Frequency(si: 1e-9) }
/// Nanohertz: 1e-9 Hz.
public var nHz: Frequency { Frequency(si: 1e-9) }
/// Microhertz: 1e-6 Hz.
public var uhertz: Frequency { Frequency(si: 1e-6) }
/// Microhertz: 1e-6 Hz.
public var uHz: Frequency { Frequency(si: 1e-6) }
/// Millihertz: 1e-3 Hz.
public var mhertz: Frequency { Frequency(si: 1e-3) }
/// Millihertz: 1e-3 Hz.
public var mHz: Frequency { Frequency(si: 1e-3) }
/// Centihertz: 1e-2 Hz.
public var chertz: Frequency { Frequency(si: 1e-2) }
/// Centihertz: 1e-2 Hz.
public var cHz: Frequency { Frequency(si: 1e-2) }
/// Decihertz: 1e-1 Hz.
public var dhertz: Frequency { Frequency(si: 1e-1) }
/// Decihertz: 1e-1 Hz.
public var dHz: Frequency { Frequency(si: 1e-1) }
/// Decahertz: 1e1 Hz.
public var dahertz: Frequency { Frequency(si: 1e1) }
/// Decahertz: 1e1 Hz.
public var daHz: Frequency { Frequency(si: 1e1) }
/// Hectohertz: 1e2 Hz.
public var hhertz: Frequency { Frequency(si: 1e2) }
/// Hectohertz: 1e2 Hz.
public var hHz: Frequency { Frequency(si: 1e2) }
/// Kilohertz: 1e3 Hz.
public var khertz: Frequency { Frequency(si: 1e3) }
/// Kilohertz: 1e3 Hz.
public var kHz: Frequency { Frequency(si: 1e3) }
/// Megahertz: 1e6 Hz.
public var Mhertz: Frequency { Frequency(si: 1e6) }
/// Megahertz: 1e6 Hz.
public var MHz: Frequency { Frequency(si: 1e6) }
/// Gigahertz: 1e9 Hz.
public var Ghertz: Frequency { Frequency(si: 1e9) }
/// Gigahertz: 1e9 Hz.
public var GHz: Frequency { Frequency(si: 1e9) }
/// Terahertz: 1e12 Hz.
public var Thertz: Frequency { Frequency(si: 1e12) }
/// Terahertz: 1e12 Hz.
public var THz: Frequency { Frequency(si: 1e12) }
/// Petahertz: 1e15 Hz.
public var Phertz: Frequency { Frequency(si: 1e15) }
/// Petahertz: 1e15 Hz.
public var PHz: Frequency { Frequency(si: 1e15) }
/// Exahertz: 1e18 Hz.
public var Ehertz: Frequency { Frequency(si: 1e18) }
/// Exahertz: 1e18 Hz.
public var EHz: Frequency { Frequency(si: 1e18) }
/// Zettahertz: 1e21 Hz.
public var Zhertz: Frequency { Frequency(si: 1e21) }
/// Zettahertz: 1e21 Hz.
public var ZHz: Frequency { Frequency(si: 1e21) }
/// Yottahertz: 1e24 Hz.
public var Yhertz: Frequency { Frequency(si: 1e24) }
/// Yottahertz: 1e24 Hz.
public var YHz: Frequency { Frequency(si: 1e24) }
/// Newton: 1 N.
public var newton: Force { Force(si: 1e0) }
/// Yoctonewton: 1e-24 N.
public var ynewton: Force { Force(si: 1e-24) }
/// Yoctonewton: 1e-24 N.
public var yN: Force { Force(si: 1e-24) }
/// Zeptonewton: 1e-21 N.
public var znewton: Force { Force(si: 1e-21) }
/// Zeptonewton: 1e-21 N.
public var zN: Force { Force(si: 1e-21) }
/// Attonewton: 1e-18 N.
public var anewton: Force { Force(si: 1e-18) }
/// Attonewton: 1e-18 N.
public var aN: Force { Force(si: 1e-18) }
/// Femtonewton: 1e-15 N.
public var fnewton: Force { Force(si: 1e-15) }
/// Femtonewton: 1e-15 N.
public var fN: Force { Force(si: 1e-15) }
/// Piconewton: 1e-12 N.
public var pnewton: Force { Force(si: 1e-12) }
/// Piconewton: 1e-12 N.
public var pN: Force { Force(si: 1e-12) }
/// Nanonewton: 1e-9 N.
public var nnewton: Force { Force(si: 1e-9) }
/// Nanonewton: 1e-9 N.
public var nN: Force { Force(si: 1e-9) }
/// Micronewton: 1e-6 N.
public var unewton: Force { Force(si: 1e-6) }
/// Micronewton: 1e-6 N.
public var uN: Force { Force(si: 1e-6) }
/// Millinewton: 1e-3 N.
public var mnewton: Force { Force(si: 1e-3) }
/// Millinewton: 1e-3 N.
public var mN: Force { Force(si: 1e-3) }
/// Centinewton: 1e-2 N.
public var cnewton: Force { Force(si: 1e-2) }
/// Centinewton: 1e-2 N.
public var cN: Force { Force(si: 1e-2) }
/// Decinewton: 1e-1 N.
public var dnewton: Force { Force(si: 1e-1) }
/// Decinewton: 1e-1 N.
public var dN: Force { Force(si: 1e-1) }
/// Decanewton: 1e1 N.
public var danewton: Force { Force(si: 1e1) }
/// Decanewton: 1e1 N.
public var daN: Force { Force(si: 1e1) }
/// Hectonewton: 1e2 N.
public var hnewton: Force { Force(si: 1e2) }
/// Hectonewton: 1e2 N.
public var hN: Force { Force(si: 1e2) }
/// Kilonewton: 1e3 N.
public var knewton: Force { Force(si: 1e3) }
/// Kilonewton: 1e3 N.
public var kN: Force { Force(si: 1e3) }
/// Meganewton: 1e6 N.
public var Mnewton: Force { Force(si: 1e6) }
/// Meganewton: 1e6 N.
public var MN: Force { Force(si: 1e6) }
/// Giganewton: 1e9 N.
public var Gnewton: Force { Force(si: 1e9) }
/// Giganewton: 1e9 N.
public var GN: Force { Force(si: 1e9) }
/// Teranewton: 1e12 N.
public var Tnewton: Force { Force(si: 1e12) }
/// Teranewton: 1e12 N.
public var TN: Force { Force(si: 1e12) }
/// Petanewton: 1e15 N.
public var Pnewton: Force { Force(si: 1e15) }
/// Petanewton: 1e15 N.
public var PN: Force { Force(si: 1e15) }
/// Exanewton: 1e18 N.
public var Enewton: Force { Force(si: 1e18) }
/// Exanewton: 1e18 N.
public var EN: Force { Force(si: 1e18) }
/// Zettanewton: 1e21 N.
public var Znewton: Force { Force(si: 1e21) }
/// Zettanewton: 1e21 N.
public var ZN: Force { Force(si: 1e21) }
/// Yottanewton: 1e24 N.
public var Ynewton: Force { Force(si: 1e24) }
/// Yottanewton: 1e24 N.
public var YN: Force { Force(si: 1e24) }
/// Pascal: 1 Pa.
public var pascal: Pressure { Pressure(si: 1e0) }
/// Pascal: 1 Pa.
public var Pa: Pressure { Pressure(si: 1e0) }
/// Yoctopascal: 1e-24 Pa.
public var ypascal: Pressure { Pressure(si: 1e-24) }
/// Yoctopascal: 1e-24 Pa.
public var yPa: Pressure { Pressure(si: 1e-24) }
/// Zeptopascal: 1e-21 Pa.
public var zpascal: Pressure { Pressure(si: 1e-21) }
/// Zeptopascal: 1e-21 Pa.
public var zPa: Pressure { Pressure(si: 1e-21) }
/// Attopascal: 1e-18 Pa.
public var apascal: Pressure { Pressure(si: 1e-18) }
/// Attopascal: 1e-18 Pa.
public var aPa: Pressure { Pressure(si: 1e-18) }
/// Femtopascal: 1e-15 Pa.
public var fpascal: Pressure { Pressure(si: 1e-15) }
/// Femtopascal: 1e-15 Pa.
public var fPa: Pressure { Pressure(si: 1e-15) }
/// Picopascal: 1e-12 Pa.
public var ppascal: Pressure { Pressure(si: 1e-12) }
/// Picopascal: 1e-12 Pa.
public var pPa: Pressure { Pressure(si: 1e-12) }
/// Nanopascal: 1e-9 Pa.
public var npascal: Pressure { Pressure(si: 1e-9) }
/// Nanopascal: 1e-9 Pa.
public var nPa: Pressure { Pressure(si: 1e-9) }
/// Micropascal: 1e-6 Pa.
public var upascal: Pressure { Pressure(si: 1e-6) }
/// Micropascal: 1e-6 Pa.
public var uPa: Pressure { Pressure(si: 1e-6) }
/// Millipascal: 1e-3 Pa.
public var mpascal: Pressure { Pressure(si: 1e-3) }
/// Millipascal: 1e-3 Pa.
public var mPa: Pressure { Pressure(si: 1e-3) }
/// Centipascal: 1e-2 Pa.
public var cpascal: Pressure { Pressure(si: 1e-2) }
/// Centipascal: 1e-2 Pa.
public var cPa: Pressure { Pressure(si: 1e-2) }
/// Decipascal: 1e-1 Pa.
public var dpascal: Pressure { Pressure(si: 1e-1) }
/// Decipascal: 1e-1 Pa.
public var dPa: Pressure { Pressure(si: 1e-1) }
/// Decapascal: 1e1 Pa.
public var dapascal: Pressure { Pressure(si: 1e1) }
/// Decapascal: 1e1 Pa.
public var daPa: Pressure { Pressure(si: 1e1) }
/// Hectopascal: 1e2 Pa.
public var hpascal: Pressure { Pressure(si: 1e2) }
/// Hectopascal: 1e2 Pa.
public var hPa: Pressure { Pressure(si: 1e2) }
/// Kilopascal: 1e3 Pa.
public var kpascal: Pressure { Pressure(si: 1e3) }
/// Kilopascal: 1e3 Pa.
public var kPa: Pressure { Pressure(si: 1e3) }
/// Megapascal: 1e6 Pa.
public var Mpascal: Pressure { Pressure(si: 1e6) }
/// Megapascal: 1e6 Pa.
public var MPa: Pressure { Pressure(si: 1e6) }
/// Gigapascal: 1e9 Pa.
public var Gpascal: Pressure { Pressure(si: 1e9) }
/// Gigapascal: 1e9 Pa.
public var GPa: Pressure { Pressure(si: 1e9) }
/// Terapascal: 1e12 Pa.
public var Tpascal: Pressure { Pressure(si: 1e12) }
/// Terapascal: 1e12 Pa.
public var TPa: Pressure { Pressure(si: 1e12) }
/// Petapascal: 1e15 Pa.
public var Ppascal: Pressure { Pressure(si: 1e15) }
/// Petapascal: 1e15 Pa.
public var PPa: Pressure { Pressure(si: 1e15) }
/// Exapascal: 1e18 Pa.
public var Epascal: Pressure { Pressure(si: 1e18) }
/// Exapascal: 1e18 Pa.
public var EPa: Pressure { Pressure(si: 1e18) }
/// Zettapascal: 1e21 Pa.
public var Zpascal: Pressure { Pressure(si: 1e21) }
/// Zettapascal: 1e21 Pa.
public var ZPa: Pressure { Pressure(si: 1e21) }
/// Yottapascal: 1e24 Pa.
public var Ypascal: Pressure { Pressure(si: 1e24) }
/// Yottapascal: 1e24 Pa.
public var YPa: Pressure { Pressure(si: 1e24) }
/// Joule: 1 J.
public var joule: Energy { Energy(si: 1e0) }
/// Yoctojoule: 1e-24 J.
public var yjoule: Energy { Energy(si: 1e-24) }
/// Yoctojoule: 1e-24 J.
public var yJ: Energy { Energy(si: 1e-24) }
/// Zeptojoule: 1e-21 J.
public var zjoule: Energy { Energy(si: 1e-21) }
/// Zeptojoule: 1e-21 J.
public var zJ: Energy { Energy(si: 1e-21) }
/// Attojoule: 1e-18 J.
public var ajoule: Energy { Energy(si: 1e-18) }
/// Attojoule: 1e-18 J.
public var aJ: Energy { Energy(si: 1e-18) }
/// Femtojoule: 1e-15 J.
public var fjoule: Energy { Energy(si: 1e-15) }
/// Femtojoule: 1e-15 J.
public var fJ: Energy { Energy(si: 1e-15) }
/// Picojoule: 1e-12 J.
public var pjoule: Energy { Energy(si: 1e-12) }
/// Picojoule: 1e-12 J.
public var pJ: Energy { Energy(si: 1e-12) }
/// Nanojoule: 1e-9 J.
public var njoule: Energy { Energy(si: 1e-9) }
/// Nanojoule: 1e-9 J.
public var nJ: Energy { Energy(si: 1e-9) }
/// Microjoule: 1e-6 J.
public var ujoule: Energy { Energy(si: 1e-6) }
/// Microjoule: 1e-6 J.
public var uJ: Energy { Energy(si: 1e-6) }
/// Millijoule: 1e-3 J.
public var mjoule: Energy { Energy(si: 1e-3) }
/// Millijoule: 1e-3 J.
public var mJ: Energy { Energy(si: 1e-3) }
/// Centijoule: 1e-2 J.
public var cjoule: Energy { Energy(si: 1e-2) }
/// Centijoule: 1e-2 J.
public var cJ: Energy { Energy(si: 1e-2) }
/// Decijoule: 1e-1 J.
public var djoule: Energy { Energy(si: 1e-1) }
/// Decijoule: 1e-1 J.
public var dJ: Energy { Energy(si: 1e-1) }
/// Decajoule: 1e1 J.
public var dajoule: Energy { Energy(si: 1e1) }
/// Decajoule: 1e1 J.
public var daJ: Energy { Energy(si: 1e1) }
/// Hectojoule: 1e2 J.
public var hjoule: Energy { Energy(si: 1e2) }
/// Hectojoule: 1e2 J.
public var hJ: Energy { Energy(si: 1e2) }
/// Kilojoule: 1e3 J.
public var kjoule: Energy { Energy(si: 1e3) }
/// Kilojoule: 1e3 J.
public var kJ: Energy { Energy(si: 1e3) }
/// Megajoule: 1e6 J.
public var Mjoule: Energy { Energy(si: 1e6) }
/// Megajoule: 1e6 J.
public var MJ: Energy { Energy(si: 1e6) }
/// Gigajoule: 1e9 J.
public var Gjoule: Energy { Energy(si: 1e9) }
/// Gigajoule: 1e9 J.
public var GJ: Energy { Energy(si: 1e9) }
/// Terajoule: 1e12 J.
public var Tjoule: Energy { Energy(si: 1e12) }
/// Terajoule: 1e12 J.
public var TJ: Energy { Energy(si: 1e12) }
/// Petajoule: 1e15 J.
public var Pjoule: Energy { Energy(si: 1e15) }
/// Petajoule: 1e15 J.
public var PJ: Energy { Energy(si: 1e15) }
/// Exajoule: 1e18 J.
public var Ejoule: Energy { Energy(si: 1e18) }
/// Exajoule: 1e18 J.
public var EJ: Energy { Energy(si: 1e18) }
/// Zettajoule: 1e21 J.
public var Zjoule: Energy { Energy(si: 1e21) }
/// Zettajoule: 1e21 J.
public var ZJ: Energy { Energy(si: 1e21) }
/// Yottajoule: 1e24 J.
public var Yjoule: Energy { Energy(si: 1e24) }
/// Yottajoule: 1e24 J.
public var YJ: Energy { Energy(si: 1e24) }
/// Watt: 1 W.
public var watt: Power { Power(si: 1e0) }
/// Yoctowatt: 1e-24 W.
public var ywatt: Power { Power(si: 1e-24) }
/// Yoctowatt: 1e-24 W.
public var yW: Power { Power(si: 1e-24) }
/// Zeptowatt: 1e-21 W.
public var zwatt: Power { Power(si: 1e-21) }
/// Zeptowatt: 1e-21 W.
public var zW: Power { Power(si: 1e-21) }
/// Attowatt: 1e-18 W.
public var awatt: Power { Power(si: 1e-18) }
/// Attowatt: 1e-18 W.
public var aW: Power { Power(si: 1e-18) }
/// Femtowatt: 1e-15 W.
public var fwatt: Power { Power(si: 1e-15) }
/// Femtowatt: 1e-15 W.
public var fW: Power { Power(si: 1e-15) }
/// Picowatt: 1e-12 W.
public var pwatt: Power { Power(si: 1e-12) }
/// Picowatt: 1e-12 W.
public var pW: Power { Power(si: 1e-12) }
/// Nanowatt: 1e-9 W.
public var nwatt: Power { Power(si: 1e-9) }
/// Nanowatt: 1e-9 W.
public var nW: Power { Power(si: 1e-9) }
/// Microwatt: 1e-6 W.
public var uwatt: Power { Power(si: 1e-6) }
/// Microwatt: 1e-6 W.
public var uW: Power { Power(si: 1e-6) }
/// Milliwatt: 1e-3 W.
public var mwatt: Power { Power(si: 1e-3) }
/// Milliwatt: 1e-3 W.
public var mW: Power { Power(si: 1e-3) }
/// Centiwatt: 1e-2 W.
public var cwatt: Power { Power(si: 1e-2) }
/// Centiwatt: 1e-2 W.
public var cW: Power { Power(si: 1e-2) }
/// Deciwatt: 1e-1 W.
public var dwatt: Power { Power(si: 1e-1) }
/// Deciwatt: 1e-1 W.
public var dW: Power { Power(si: 1e-1) }
/// Decawatt: 1e1 W.
public var dawatt: Power { Power(si: 1e1) }
/// Decawatt: 1e1 W.
public var daW: Power { Power(si: 1e1) }
/// Hectowatt: 1e2 W.
public var hwatt: Power { Power(si: 1e2) }
/// Hectowatt: 1e2 W.
public var hW: Power { Power(si: 1e2) }
/// Kilowatt: 1e3 W.
public var kwatt: Power { Power(si: 1e3) }
/// Kilowatt: 1e3 W.
public var kW: Power { Power(si: 1e3) }
/// Megawatt: 1e6 W.
public var Mwatt: Power { Power(si: 1e6) }
/// Megawatt: 1e6 W.
public var MW: Power { Power(si: 1e6) }
/// Gigawatt: 1e9 W.
public var Gwatt: Power { Power(si: 1e9) }
/// Gigawatt: 1e9 W.
public var GW: Power { Power(si: 1e9) }
/// Terawatt: 1e12 W.
public var Twatt: Power { Power(si: 1e12) }
/// Terawatt: 1e12 W.
public var TW: Power { Power(si: 1e12) }
/// Petawatt: 1e15 W.
public var Pwatt: Power { Power(si: 1e15) }
/// Petawatt: 1e15 W.
public var PW: Power { Power(si: 1e15) }
/// Exawatt: 1e18 W.
public var Ewatt: Power { Power(si: 1e18) }
/// Exawatt: 1e18 W.
public var EW: Power { Power(si: 1e18) }
/// Zettawatt: 1e21 W.
public var Zwatt: Power { Power(si: 1e21) }
/// Zettawatt: 1e21 W.
public var ZW: Power { Power(si: 1e21) }
/// Yottawatt: 1e24 W.
public var Ywatt: Power { Power(si: 1e24) }
/// Yottawatt: 1e24 W.
public var YW: Power { Power(si: 1e24) }
/// Coulomb: 1 C.
public var coulomb: Charge { Charge(si: 1e0) }
/// Yoctocoulomb: 1e-24 C.
public var ycoulomb: Charge { Charge(si: 1e-24) }
/// Yoctocoulomb: 1e-24 C.
public var yC: Charge { Charge(si: 1e-24) }
/// Zeptocoulomb: 1e-21 C.
public var zcoulomb: Charge { Charge(si: 1e-21) }
/// Zeptocoulomb: 1e-21 C.
public var zC: Charge { Charge(si: 1e-21) }
/// Attocoulomb: 1e-18 C.
public var acoulomb: Charge { Charge(si: 1e-18) }
/// Attocoulomb: 1e-18 C.
public var aC: Charge { Charge(si: 1e-18) }
/// Femtocoulomb: 1e-15 C.
public var fcoulomb: Charge { Charge(si: 1e-15) }
/// Femtocoulomb: 1e-15 C.
public var fC: Charge { Charge(si: 1e-15) }
/// Picocoulomb: 1e-12 C.
public var pcoulomb: Charge { Charge(si: 1e-12) }
/// Picocoulomb: 1e-12 C.
public var pC: Charge { Charge(si: 1e-12) }
/// Nanocoulomb: 1e-9 C.
public var ncoulomb: Charge { Charge(si: 1e-9) }
/// Nanocoulomb: 1e-9 C.
public var nC: Charge { Charge(si: 1e-9) }
/// Microcoulomb: 1e-6 C.
public var ucoulomb: Charge { Charge(si: 1e-6) }
/// Microcoulomb: 1e-6 C.
public var uC: Charge { Charge(si: 1e-6) }
/// Millicoulomb: 1e-3 C.
public var mcoulomb: Charge { Charge(si: 1e-3) }
/// Millicoulomb: 1e-3 C.
public var mC: Charge { Charge(si: 1e-3) }
/// Centicoulomb: 1e-2 C.
public var ccoulomb: Charge { Charge(si: 1e-2) }
/// Centicoulomb: 1e-2 C.
public var cC: Charge { Charge(si: 1e-2) }
/// Decicoulomb: 1e-1 C.
public var dcoulomb: Charge { Charge(si: 1e-1) }
/// Decicoulomb: 1e-1 C.
public var dC: Charge { Charge(si: 1e-1) }
/// Decacoulomb: 1e1 C.
public var dacoulomb: Charge { Charge(si: 1e1) }
/// Decacoulomb: 1e1 C.
public var daC: Charge { Charge(si: 1e1) }
/// Hectocoulomb: 1e2 C.
public var hcoulomb: Charge { Charge(si: 1e2) }
/// Hectocoulomb: 1e2 C.
public var hC: Charge { Charge(si: 1e2) }
/// Kilocoulomb: 1e3 C.
public var kcoulomb: Charge { Charge(si: 1e3) }
/// Kilocoulomb: 1e3 C.
public var kC: Charge { Charge(si: 1e3) }
/// Megacoulomb: 1e6 C.
public var Mcoulomb: Charge { Charge(si: 1e6) }
/// Megacoulomb: 1e6 C.
public var MC: Charge { Charge(si: 1e6) }
/// Gigacoulomb: 1e9 C.
public var Gcoulomb: Charge { Charge(si: 1e9) }
/// Gigacoulomb: 1e9 C.
public var GC: Charge { Charge(si: 1e9) }
/// Teracoulomb: 1e12 C.
public var Tcoulomb: Charge { Charge(si: 1e12) }
/// Teracoulomb: 1e12 C.
public var TC: Charge { Charge(si: 1e12) }
/// Petacoulomb: 1e15 C.
public var Pcoulomb: Charge { Charge(si: 1e15) }
/// Petacoulomb: 1e15 C.
public var PC: Charge { Charge(si: 1e15) }
/// Exacoulomb: 1e18 C.
public var Ecoulomb: Charge { Charge(si: 1e18) }
/// Exacoulomb: 1e18 C.
public var EC: Charge { Charge(si: 1e18) }
/// Zettacoulomb: 1e21 C.
public var Zcoulomb: Charge { Charge(si: 1e21) }
/// Zettacoulomb: 1e21 C.
public var ZC: Charge { Charge(si: 1e21) }
/// Yottacoulomb: 1e24 C.
public var Ycoulomb: Charge { Charge(si: 1e24) }
/// Yottacoulomb: 1e24 C.
public var YC: Charge { Charge(si: 1e24) }
/// Volt: 1 V.
public var volt: Voltage { Voltage(si: 1e0) }
/// Yoctovolt: 1e-24 V.
public var yvolt: Voltage { Voltage(si: 1e-24) }
/// Yoctovolt: 1e-24 V.
public var yV: Voltage { Voltage(si: 1e-24) }
/// Zeptovolt: 1e-21 V.
public var zvolt: Voltage { Voltage(si: 1e-21) }
/// Zeptovolt: 1e-21 V.
public var zV: Voltage { Voltage(si: 1e-21) }
/// Attovolt: 1e-18 V.
public var avolt: Voltage { Voltage(si: 1e-18) }
/// Attovolt: 1e-18 V.
public var aV: Voltage { Voltage(si: 1e-18) }
/// Femtovolt: 1e-15 V.
public var fvolt: Voltage { Voltage(si: 1e-15) }
/// Femtovolt: 1e-15 V.
public var fV: Voltage { Voltage(si: 1e-15) }
/// Picovolt: 1e-12 V.
public var pvolt: Voltage { Voltage(si: 1e-12) }
/// Picovolt: 1e-12 V.
public var pV: Voltage { Voltage(si: 1e-12) }
/// Nanovolt: 1e-9 V.
public var nvolt: Voltage { Voltage(si: 1e-9) }
/// Nanovolt: 1e-9 V.
public var nV: Voltage { Voltage(si: 1e-9) }
/// Microvolt: 1e-6 V.
public var uvolt: Voltage { Voltage(si: 1e-6) }
/// Microvolt: 1e-6 V.
public var uV: Voltage { Voltage(si: 1e-6) }
/// Millivolt: 1e-3 V.
public var mvolt: Voltage { Voltage(si: 1e-3) }
/// Millivolt: 1e-3 V.
public var mV: Voltage { Voltage(si: 1e-3) }
/// Centivolt: 1e-2 V.
public var cvolt: Voltage { Voltage(si: 1e-2) }
/// Centivolt: 1e-2 V.
public var cV: Voltage { Voltage(si: 1e-2) }
/// Decivolt: 1e-1 V.
public var dvolt: Voltage { Voltage(si: 1e-1) }
/// Decivolt: 1e-1 V.
public var dV: Voltage { Voltage(si: 1e-1) }
/// Decavolt: 1e1 V.
public var davolt: Voltage { Voltage(si: 1e1) }
/// Decavolt: 1e1 V.
public var daV: Voltage { Voltage(si: 1e1) }
/// Hectovolt: 1e2 V.
public var hvolt: Voltage { Voltage(si: 1e2) }
/// Hectovolt: 1e2 V.
public var hV: Voltage { Voltage(si: 1e2) }
/// Kilovolt: 1e3 V.
public var kvolt: Voltage { Voltage(si: 1e3) }
/// Kilovolt: 1e3 V.
public var kV: Voltage { Voltage(si: 1e3) }
/// Megavolt: 1e6 V.
public var Mvolt: Voltage { Voltage(si: 1e6) }
/// Megavolt: 1e6 V.
public var MV: Voltage { Voltage(si: 1e6) }
/// Gigavolt: 1e9 V.
public var Gvolt: Voltage { Voltage(si: 1e9) }
/// Gigavolt: 1e9 V.
public var GV: Voltage { Voltage(si: 1e9) }
/// Teravolt: 1e12 V.
public var Tvolt: Voltage { Voltage(si: 1e12) }
/// Teravolt: 1e12 V.
public var TV: Voltage { Voltage(si: 1e12) }
/// Petavolt: 1e15 V.
public var Pvolt: Voltage { Voltage(si: 1e15) }
/// Petavolt: 1e15 V.
public var PV: Voltage { Voltage(si: 1e15) }
/// Exavolt: 1e18 V.
public var Evolt: Voltage { Voltage(si: 1e18) }
/// Exavolt: 1e18 V.
public var EV: Voltage { Voltage(si: 1e18) }
/// Zettavolt: 1e21 V.
public var Zvolt: Voltage { Voltage(si: 1e21) }
/// Zettavolt: 1e21 V.
public var ZV: Voltage { Voltage(si: 1e21) }
/// Yottavolt: 1e24 V.
public var Yvolt: Voltage { Voltage(si: 1e24) }
/// Yottavolt: 1e24 V.
public var YV: Voltage { Voltage(si: 1e24) }
/// Farad: 1 F.
public var farad: Capacitance { Capacitance(si: 1e0) }
/// Yoctofarad: 1e-24 F.
public var yfarad: Capacitance { Capacitance(si: 1e-24) }
/// Yoctofarad: 1e-24 F.
public var yF: Capacitance { Capacitance(si: 1e-24) }
/// Zeptofarad: 1e-21 F.
public var zfarad: Capacitance { Capacitance(si: 1e-21) }
/// Zeptofarad: 1e-21 F.
public var zF: Capacitance { Capacitance(si: 1e-21) }
/// Attofarad: 1e-18 F.
public var afarad: Capacitance { Capacitance(si: 1e-18) }
/// Attofarad: 1e-18 F.
public var aF: Capacitance { Capacitance(si: 1e-18) }
/// Femtofarad: 1e-15 F.
public var ffarad: Capacitance { Capacitance(si: 1e-15) }
/// Femtofarad: 1e-15 F.
public var fF: Capacitance { Capacitance(si: 1e-15) }
/// Picofarad: 1e-12 F.
public var pfarad: Capacitance { Capacitance(si: 1e-12) }
/// Picofarad: 1e-12 F.
public var pF: Capacitance { Capacitance(si: 1e-12) }
/// Nanofarad: 1e-9 F.
public var nfarad: Capacitance { Capacitance(si: 1e-9) }
/// Nanofarad: 1e-9 F.
public var nF: Capacitance { Capacitance(si: 1e-9) }
/// Microfarad: 1e-6 F.
public var ufarad: Capacitance { Capacitance(si: 1e-6) }
/// Microfarad: 1e-6 F.
public var uF: Capacitance { Capacitance(si: 1e-6) }
/// Millifarad: 1e-3 F.
public var mfarad: Capacitance { Capacitance(si: 1e-3) }
/// Millifarad: 1e-3 F.
public var mF: Capacitance { Capacitance(si: 1e-3) }
/// Centifarad: 1e-2 F.
public var cfarad: Capacitance { Capacitance(si: 1e-2) }
/// Centifarad: 1e-2 F.
public var cF: Capacitance { Capacitance(si: 1e-2) }
/// Decifarad: 1e-1 F.
public var dfarad: Capacitance { Capacitance(si: 1e-1) }
/// Decifarad: 1e-1 F.
public var dF: Capacitance { Capacitance(si: 1e-1) }
/// Decafarad: 1e1 F.
public var dafarad: Capacitance { Capacitance(si: 1e1) }
/// Decafarad: 1e1 F.
public var daF: Capacitance { Capacitance(si: 1e1) }
/// Hectofarad: 1e2 F.
public var hfarad: Capacitance { Capacitance(si: 1e2) }
/// Hectofarad: 1e2 F.
public var hF: Capacitance { Capacitance(si: 1e2) }
/// Kilofarad: 1e3 F.
public var kfarad: Capacitance { Capacitance(si: 1e3) }
/// Kilofarad: 1e3 F.
public var kF: Capacitance { Capacitance(si: 1e3) }
/// Megafarad: 1e6 F.
public var Mfarad: Capacitance { Capacitance(si: 1e6) }
/// Megafarad: 1e6 F.
public var MF: Capacitance { Capacitance(si: 1e6) }
/// Gigafarad: 1e9 F.
public var Gfarad: Capacitance { Capacitance(si: 1e9) }
/// Gigafarad: 1e9 F.
public var GF: Capacitance { Capacitance(si: 1e9) }
/// Terafarad: 1e12 F.
public var Tfarad: Capacitance { Capacitance(si: 1e12) }
/// Terafarad: 1e12 F.
public var TF: Capacitance { Capacitance(si: 1e12) }
/// Petafarad: 1e15 F.
public var Pfarad: Capacitance { Capacitance(si: 1e15) }
/// Petafarad: 1e15 F.
public var PF: Capacitance { Capacitance(si: 1e15) }
/// Exafarad: 1e18 F.
public var Efarad: Capacitance { Capacitance(si: 1e18) }
/// Exafarad: 1e18 F.
public var EF: Capacitance { Capacitance(si: 1e18) }
/// Zettafarad: 1e21 F.
public var Zfarad: Capacitance { Capacitance(si: 1e21) }
/// Zettafarad: 1e21 F.
public var ZF: Capacitance { Capacitance(si: 1e21) }
/// Yottafarad: 1e24 F.
public var Yfarad: Capacitance { Capacitance(si: 1e24) }
/// Yottafarad: 1e24 F.
public var YF: Capacitance { Capacitance(si: 1e24) }
/// Ohm: 1 ohm.
public var ohm: Resistance { Resistance(si: 1e0) }
/// Yoctoohm: 1e-24 ohm.
public var yohm: Resistance { Resistance(si: 1e-24) }
/// Zeptoohm: 1e-21 ohm.
public var zohm: Resistance { Resistance(si: 1e-21) }
/// Attoohm: 1e-18 ohm.
public var aohm: Resistance { Resistance(si: 1e-18) }
/// Femtoohm: 1e-15 ohm.
public var fohm: Resistance { Resistance(si: 1e-15) }
/// Picoohm: 1e-12 ohm.
public var pohm: Resistance { Resistance(si: 1e-12) }
/// Nanoohm: 1e-9 ohm.
public var nohm: Resistance { Resistance(si: 1e-9) }
/// Microohm: 1e-6 ohm.
public var uohm: Resistance { Resistance(si: 1e-6) }
/// Milliohm: 1e-3 ohm.
public var mohm: Resistance { Resistance(si: 1e-3) }
/// Centiohm: 1e-2 ohm.
public var cohm: Resistance { Resistance(si: 1e-2) }
/// Deciohm: 1e-1 ohm.
public var dohm: Resistance { Resistance(si: 1e-1) }
/// Decaohm: 1e1 ohm.
public var daohm: Resistance { Resistance(si: 1e1) }
/// Hectoohm: 1e2 ohm.
public var hohm: Resistance { Resistance(si: 1e2) }
/// Kiloohm: 1e3 ohm.
public var kohm: Resistance { Resistance(si: 1e3) }
/// Megaohm: 1e6 ohm.
public var Mohm: Resistance { Resistance(si: 1e6) }
/// Gigaohm: 1e9 ohm.
public var Gohm: Resistance { Resistance(si: 1e9) }
/// Teraohm: 1e12 ohm.
public var Tohm: Resistance { Resistance(si: 1e12) }
/// Petaohm: 1e15 ohm.
public var Pohm: Resistance { Resistance(si: 1e15) }
/// Exaohm: 1e18 ohm.
public var Eohm: Resistance { Resistance(si: 1e18) }
/// Zettaohm: 1e21 ohm.
public var Zohm: Resistance { Resistance(si: 1e21) }
/// Yottaohm: 1e24 ohm.
public var Yohm: Resistance { Resistance(si: 1e24) }
/// Siemens: 1 S.
public var siemens: Conductance { Conductance(si: 1e0) }
/// Yoctosiemens: 1e-24 S.
public var ysiemens: Conductance { Conductance(si: 1e-24) }
/// Yoctosiemens: 1e-24 S.
public var yS: Conductance { Conductance(si: 1e-24) }
/// Zeptosiemens: 1e-21 S.
public var zsiemens: Conductance { Conductance(si: 1e-21) }
/// Zeptosiemens: 1e-21 S.
public var zS: Conductance { Conductance(si: 1e-21) }
/// Attosiemens: 1e-18 S.
public var asiemens: Conductance { Conductance(si: 1e-18) }
/// Attosiemens: 1e-18 S.
public var aS: Conductance { Conductance(si: 1e-18) }
/// Femtosiemens: 1e-15 S.
public var fsiemens: Conductance { Conductance(si: 1e-15) }
/// Femtosiemens: 1e-15 S.
public var fS: Conductance { Conductance(si: 1e-15) }
/// Picosiemens: 1e-12 S.
public var psiemens: Conductance { Conductance(si: 1e-12) }
/// Picosiemens: 1e-12 S.
public var pS: Conductance { Conductance(si: 1e-12) }
/// Nanosiemens: 1e-9 S.
public var nsiemens: Conductance { Conductance(si: 1e-9) }
/// Nanosiemens: 1e-9 S.
public var nS: Conductance { Conductance(si: 1e-9) }
/// Microsiemens: 1e-6 S.
public var usiemens: Conductance { Conductance(si: 1e-6) }
/// Microsiemens: 1e-6 S.
public var uS: Conductance { Conductance(si: 1e-6) }
/// Millisiemens: 1e-3 S.
public var msiemens: Conductance { Conductance(si: 1e-3) }
/// Millisiemens: 1e-3 S.
public var mS: Conductance { Conductance(si: 1e-3) }
/// Centisiemens: 1e-2 S.
public var csiemens: Conductance { Conductance(si: 1e-2) }
/// Centisiemens: 1e-2 S.
public var cS: Conductance { Conductance(si: 1e-2) }
/// Decisiemens: 1e-1 S.
public var dsiemens: Conductance { Conductance(si: 1e-1) }
/// Decisiemens: 1e-1 S.
public var dS: Conductance { Conductance(si: 1e-1) }
/// Decasiemens: 1e1 S.
public var dasiemens: Conductance { Conductance(si: 1e1) }
/// Decasiemens: 1e1 S.
public var daS: Conductance { Conductance(si: 1e1) }
/// Hectosiemens: 1e2 S.
public var hsiemens: Conductance { Conductance(si: 1e2) }
/// Hectosiemens: 1e2 S.
public var hS: Conductance { Conductance(si: 1e2) }
/// Kilosiemens: 1e3 S.
public var ksiemens: Conductance { Conductance(si: 1e3) }
/// Kilosiemens: 1e3 S.
public var kS: Conductance { Conductance(si: 1e3) }
/// Megasiemens: 1e6 S.
public var Msiemens: Conductance { Conductance(si: 1e6) }
/// Megasiemens: 1e6 S.
public var MS: Conductance { Conductance(si: 1e6) }
/// Gigasiemens: 1e9 S.
public var Gsiemens: Conductance { Conductance(si: 1e9) }
/// Gigasiemens: 1e9 S.
public var GS: Conductance { Conductance(si: 1e9) }
/// Terasiemens: 1e12 S.
public var Tsiemens: Conductance { Conductance(si: 1e12) }
/// Terasiemens: 1e12 S.
public var TS: Conductance { Conductance(si: 1e12) }
/// Petasiemens: 1e15 S.
public var Psiemens: Conductance { Conductance(si: 1e15) }
/// Petasiemens: 1e15 S.
public var PS: Conductance { Conductance(si: 1e15) }
/// Exasiemens: 1e18 S.
public var Esiemens: Conductance { Conductance(si: 1e18) }
/// Exasiemens: 1e18 S.
public var ES: Conductance { Conductance(si: 1e18) }
/// Zettasiemens: 1e21 S.
public var Zsiemens: Conductance { Conductance(si: 1e21) }
/// Zettasiemens: 1e21 S.
public var ZS: Conductance { Conductance(si: 1e21) }
/// Yottasiemens: 1e24 S.
public var Ysiemens: Conductance { Conductance(si: 1e24) }
/// Yottasiemens: 1e24 S.
public var YS: Conductance { Conductance(si: 1e24) }
/// Weber: 1 Wb.
public var weber: MagneticFlux { MagneticFlux(si: 1e0) }
/// Weber: 1 Wb.
public var Wb: MagneticFlux { MagneticFlux(si: 1e0) }
/// Yoctoweber: 1e-24 Wb.
public var yweber: MagneticFlux { MagneticFlux(si: 1e-24) }
/// Yoctoweber: 1e-24 Wb.
public var yWb: MagneticFlux { MagneticFlux(si: 1e-24) }
/// Zeptoweber: 1e-21 Wb.
public var zweber: MagneticFlux { MagneticFlux(si: 1e-21) }
/// Zeptoweber: 1e-21 Wb.
public var zWb: MagneticFlux { MagneticFlux(si: 1e-21) }
/// Attoweber: 1e-18 Wb.
public var aweber: MagneticFlux { MagneticFlux(si: 1e-18) }
/// Attoweber: 1e-18 Wb.
public var aWb: MagneticFlux { MagneticFlux(si: 1e-18) }
/// Femtoweber: 1e-15 Wb.
public var fweber: MagneticFlux { MagneticFlux(si: 1e-15) }
/// Femtoweber: 1e-15 Wb.
public var fWb: MagneticFlux { MagneticFlux(si: 1e-15) }
/// Picoweber: 1e-12 Wb.
public var pweber: MagneticFlux { MagneticFlux(si: 1e-12) }
/// Picoweber: 1e-12 Wb.
public var pWb: MagneticFlux { MagneticFlux(si: 1e-12) }
/// Nanoweber: 1e-9 Wb.
public var nweber: MagneticFlux { MagneticFlux(si: 1e-9) }
/// Nanoweber: 1e-9 Wb.
public var nWb: MagneticFlux { MagneticFlux(si: 1e-9) }
/// Microweber: 1e-6 Wb.
public var uweber: MagneticFlux { MagneticFlux(si: 1e-6) }
/// Microweber: 1e-6 Wb.
public var uWb: MagneticFlux { MagneticFlux(si: 1e-6) }
/// Milliweber: 1e-3 Wb.
public var mweber: MagneticFlux { MagneticFlux(si: 1e-3) }
/// Milliweber: 1e-3 Wb.
public var mWb: MagneticFlux { MagneticFlux(si: 1e-3) }
/// Centiweber: 1e-2 Wb.
public var cweber: MagneticFlux { MagneticFlux(si: 1e-2) }
/// Centiweber: 1e-2 Wb.
public var cWb: MagneticFlux { MagneticFlux(si: 1e-2) }
/// Deciweber: 1e-1 Wb.
public var dweber: MagneticFlux { MagneticFlux(si: 1e-1) }
/// Deciweber: 1e-1 Wb.
public var dWb: MagneticFlux { MagneticFlux(si: 1e-1) }
/// Decaweber: 1e1 Wb.
public var daweber: MagneticFlux { MagneticFlux(si: 1e1) }
/// Decaweber: 1e1 Wb.
public var daWb: MagneticFlux { MagneticFlux(si: 1e1) }
/// Hectoweber: 1e2 Wb.
public var hweber: MagneticFlux { MagneticFlux(si: 1e2) }
/// Hectoweber: 1e2 Wb.
public var hWb: MagneticFlux { MagneticFlux(si: 1e2) }
/// Kiloweber: 1e3 Wb.
public var kweber: MagneticFlux { MagneticFlux(si: 1e3) }
/// Kiloweber: 1e3 Wb.
public var kWb: MagneticFlux { MagneticFlux(si: 1e3) }
/// Megaweber: 1e6 Wb.
public var Mweber: MagneticFlux { MagneticFlux(si: 1e6) }
/// Megaweber: 1e6 Wb.
public var MWb: MagneticFlux { MagneticFlux(si: 1e6) }
/// Gigaweber: 1e9 Wb.
public var Gweber: MagneticFlux { MagneticFlux(si: 1e9) }
/// Gigaweber: 1e9 Wb.
public var GWb: MagneticFlux { MagneticFlux(si: 1e9) }
/// Teraweber: 1e12 Wb.
public var Tweber: MagneticFlux { MagneticFlux(si: 1e12) }
/// Teraweber: 1e12 Wb.
public var TWb: MagneticFlux { MagneticFlux(si: 1e12) }
/// Petaweber: 1e15 Wb.
public var Pweber: MagneticFlux { MagneticFlux(si: 1e15) }
/// Petaweber: 1e15 Wb.
public var PWb: MagneticFlux { MagneticFlux(si: 1e15) }
/// Exaweber: 1e18 Wb.
public var Eweber: MagneticFlux { MagneticFlux(si: 1e18) }
/// Exaweber: 1e18 Wb.
public var EWb: MagneticFlux { MagneticFlux(si: 1e18) }
/// Zettaweber: 1e21 Wb.
public var Zweber: MagneticFlux { MagneticFlux(si: 1e21) }
/// Zettaweber: 1e21 Wb.
public var ZWb: MagneticFlux { MagneticFlux(si: 1e21) }
/// Yottaweber: 1e24 Wb.
public var Yweber: MagneticFlux { MagneticFlux(si: 1e24) }
/// Yottaweber: 1e24 Wb.
public var YWb: MagneticFlux { MagneticFlux(si: 1e24) }
/// Tesla: 1 T.
public var tesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e0) }
/// Yoctotesla: 1e-24 T.
public var ytesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-24) }
/// Yoctotesla: 1e-24 T.
public var yT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-24) }
/// Zeptotesla: 1e-21 T.
public var ztesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-21) }
/// Zeptotesla: 1e-21 T.
public var zT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-21) }
/// Attotesla: 1e-18 T.
public var atesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-18) }
/// Attotesla: 1e-18 T.
public var aT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-18) }
/// Femtotesla: 1e-15 T.
public var ftesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-15) }
/// Femtotesla: 1e-15 T.
public var fT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-15) }
/// Picotesla: 1e-12 T.
public var ptesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-12) }
/// Picotesla: 1e-12 T.
public var pT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-12) }
/// Nanotesla: 1e-9 T.
public var ntesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-9) }
/// Nanotesla: 1e-9 T.
public var nT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-9) }
/// Microtesla: 1e-6 T.
public var utesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-6) }
/// Microtesla: 1e-6 T.
public var uT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-6) }
/// Millitesla: 1e-3 T.
public var mtesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-3) }
/// Millitesla: 1e-3 T.
public var mT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-3) }
/// Centitesla: 1e-2 T.
public var ctesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-2) }
/// Centitesla: 1e-2 T.
public var cT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-2) }
/// Decitesla: 1e-1 T.
public var dtesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e-1) }
/// Decitesla: 1e-1 T.
public var dT: MagneticFluxDensity { MagneticFluxDensity(si: 1e-1) }
/// Decatesla: 1e1 T.
public var datesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e1) }
/// Decatesla: 1e1 T.
public var daT: MagneticFluxDensity { MagneticFluxDensity(si: 1e1) }
/// Hectotesla: 1e2 T.
public var htesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e2) }
/// Hectotesla: 1e2 T.
public var hT: MagneticFluxDensity { MagneticFluxDensity(si: 1e2) }
/// Kilotesla: 1e3 T.
public var ktesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e3) }
/// Kilotesla: 1e3 T.
public var kT: MagneticFluxDensity { MagneticFluxDensity(si: 1e3) }
/// Megatesla: 1e6 T.
public var Mtesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e6) }
/// Megatesla: 1e6 T.
public var MT: MagneticFluxDensity { MagneticFluxDensity(si: 1e6) }
/// Gigatesla: 1e9 T.
public var Gtesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e9) }
/// Gigatesla: 1e9 T.
public var GT: MagneticFluxDensity { MagneticFluxDensity(si: 1e9) }
/// Teratesla: 1e12 T.
public var Ttesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e12) }
/// Teratesla: 1e12 T.
public var TT: MagneticFluxDensity { MagneticFluxDensity(si: 1e12) }
/// Petatesla: 1e15 T.
public var Ptesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e15) }
/// Petatesla: 1e15 T.
public var PT: MagneticFluxDensity { MagneticFluxDensity(si: 1e15) }
/// Exatesla: 1e18 T.
public var Etesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e18) }
/// Exatesla: 1e18 T.
public var ET: MagneticFluxDensity { MagneticFluxDensity(si: 1e18) }
/// Zettatesla: 1e21 T.
public var Ztesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e21) }
/// Zettatesla: 1e21 T.
public var ZT: MagneticFluxDensity { MagneticFluxDensity(si: 1e21) }
/// Yottatesla: 1e24 T.
public var Ytesla: MagneticFluxDensity { MagneticFluxDensity(si: 1e24) }
/// Yottatesla: 1e24 T.
public var YT: MagneticFluxDensity { MagneticFluxDensity(si: 1e24) }
/// Henry: 1 H.
public var henry: Inductance { Inductance(si: 1e0) }
/// Yoctohenry: 1e-24 H.
public var yhenry: Inductance { Inductance(si: 1e-24) }
/// Yoctohenry: 1e-24 H.
public var yH: Inductance { Inductance(si: 1e-24) }
/// Zeptohenry: 1e-21 H.
public var zhenry: Inductance { Inductance(si: 1e-21) }
/// Zeptohenry: 1e-21 H.
public var zH: Inductance { Inductance(si: 1e-21) }
/// Attohenry: 1e-18 H.
public var ahenry: Inductance { Inductance(si: 1e-18) }
/// Attohenry: 1e-18 H.
public var aH: Inductance { Inductance(si: 1e-18) }
/// Femtohenry: 1e-15 H.
public var fhenry: Inductance { Inductance(si: 1e-15) }
/// Femtohenry: 1e-15 H.
public var fH: Inductance { Inductance(si: 1e-15) }
/// Picohenry: 1e-12 H.
public var phenry: Inductance { Inductance(si: 1e-12) }
/// Picohenry: 1e-12 H.
public var pH: Inductance { Inductance(si: 1e-12) }
/// Nanohenry: 1e-9 H.
public var nhenry: Inductance { Inductance(si: 1e-9) }
/// Nanohenry: 1e-9 H.
public var nH: Inductance { Inductance(si: 1e-9) }
/// Microhenry: 1e-6 H.
public var uhenry: Inductance { Inductance(si: 1e-6) }
/// Microhenry: 1e-6 H.
public var uH: Inductance { Inductance(si: 1e-6) }
/// Millihenry: 1e-3 H.
public var mhenry: Inductance { Inductance(si: 1e-3) }
/// Millihenry: 1e-3 H.
public var mH: Inductance { Inductance(si: 1e-3) }
/// Centihenry: 1e-2 H.
public var chenry: Inductance { Inductance(si: 1e-2) }
/// Centihenry: 1e-2 H.
public var cH: Inductance { Inductance(si: 1e-2) }
/// Decihenry: 1e-1 H.
public var dhenry: Inductance { Inductance(si: 1e-1) }
/// Decihenry: 1e-1 H.
public var dH: Inductance { Inductance(si: 1e-1) }
/// Decahenry: 1e1 H.
public var dahenry: Inductance { Inductance(si: 1e1) }
/// Decahenry: 1e1 H.
public var daH: Inductance { Inductance(si: 1e1) }
/// Hectohenry: 1e2 H.
public var hhenry: Inductance { Inductance(si: 1e2) }
/// Hectohenry: 1e2 H.
public var hH: Inductance { Inductance(si: 1e2) }
/// Kilohenry: 1e3 H.
public var khenry: Inductance { Inductance(si: 1e3) }
/// Kilohenry: 1e3 H.
public var kH: Inductance { Inductance(si: 1e3) }
/// Megahenry: 1e6 H.
public var Mhenry: Inductance { Inductance(si: 1e6) }
/// Megahenry: 1e6 H.
public var MH: Inductance { Inductance(si: 1e6) }
/// Gigahenry: 1e9 H.
public var Ghenry: Inductance { Inductance(si: 1e9) }
/// Gigahenry: 1e9 H.
public var GH: Inductance { Inductance(si: 1e9) }
/// Terahenry: 1e12 H.
public var Thenry: Inductance { Inductance(si: 1e12) }
/// Terahenry: 1e12 H.
public var TH: Inductance { Inductance(si: 1e12) }
/// Petahenry: 1e15 H.
public var Phenry: Inductance { Inductance(si: 1e15) }
/// Petahenry: 1e15 H.
public var PH: Inductance { Inductance(si: 1e15) }
/// Exahenry: 1e18 H.
public var Ehenry: Inductance { Inductance(si: 1e18) }
/// Exahenry: 1e18 H.
public var EH: Inductance { Inductance(si: 1e18) }
/// Zettahenry: 1e21 H.
public var Zhenry: Inductance { Inductance(si: 1e21) }
/// Zettahenry: 1e21 H.
public var ZH: Inductance { Inductance(si: 1e21) }
/// Yottahenry: 1e24 H.
public var Yhenry: Inductance { Inductance(si: 1e24) }
/// Yottahenry: 1e24 H.
public var YH: Inductance { Inductance(si: 1e24) }
/// Lumen: 1 lm.
public var lumen: LuminousIntensity { LuminousIntensity(si: 1e0) }
/// Lumen: 1 lm.
public var lm: LuminousIntensity { LuminousIntensity(si: 1e0) }
/// Yoctolumen: 1e-24 lm.
public var ylumen: LuminousIntensity { LuminousIntensity(si: 1e-24) }
/// Yoctolumen: 1e-24 lm.
public var ylm: LuminousIntensity { LuminousIntensity(si: 1e-24) }
/// Zeptolumen: 1e-21 lm.
public var zlumen: LuminousIntensity { LuminousIntensity(si: 1e-21) }
/// Zeptolumen: 1e-21 lm.
public var zlm: LuminousIntensity { LuminousIntensity(si: 1e-21) }
/// Attolumen: 1e-18 lm.
public var alumen: LuminousIntensity { LuminousIntensity(si: 1e-18) }
/// Attolumen: 1e-18 lm.
public var alm: LuminousIntensity { LuminousIntensity(si: 1e-18) }
/// Femtolumen: 1e-15 lm.
public var flumen: LuminousIntensity { LuminousIntensity(si: 1e-15) }
/// Femtolumen: 1e-15 lm.
public var flm: LuminousIntensity { LuminousIntensity(si: 1e-15) }
/// Picolumen: 1e-12 lm.
public var plumen: LuminousIntensity { LuminousIntensity(si: 1e-12) }
/// Picolumen: 1e-12 lm.
public var plm: LuminousIntensity { LuminousIntensity(si: 1e-12) }
/// Nanolumen: 1e-9 lm.
public var nlumen: LuminousIntensity { LuminousIntensity(si: 1e-9) }
/// Nanolumen: 1e-9 lm.
public var nlm: LuminousIntensity { LuminousIntensity(si: 1e-9) }
/// Microlumen: 1e-6 lm.
public var ulumen: LuminousIntensity { LuminousIntensity(si: 1e-6) }
/// Microlumen: 1e-6 lm.
public var ulm: LuminousIntensity { LuminousIntensity(si: 1e-6) }
/// Millilumen: 1e-3 lm.
public var mlumen: LuminousIntensity { LuminousIntensity(si: 1e-3) }
/// Millilumen: 1e-3 lm.
public var mlm: LuminousIntensity { LuminousIntensity(si: 1e-3) }
/// Centilumen: 1e-2 lm.
public var clumen: LuminousIntensity { LuminousIntensity(si: 1e-2) }
/// Centilumen: 1e-2 lm.
public var clm: LuminousIntensity { LuminousIntensity(si: 1e-2) }
/// Decilumen: 1e-1 lm.
public var dlumen: LuminousIntensity { LuminousIntensity(si: 1e-1) }
/// Decilumen: 1e-1 lm.
public var dlm: LuminousIntensity { LuminousIntensity(si: 1e-1) }
/// Decalumen: 1e1 lm.
public var dalumen: LuminousIntensity { LuminousIntensity(si: 1e1) }
/// Decalumen: 1e1 lm.
public var dalm: LuminousIntensity { LuminousIntensity(si: 1e1) }
/// Hectolumen: 1e2 lm.
public var hlumen: LuminousIntensity { LuminousIntensity(si: 1e2) }
/// Hectolumen: 1e2 lm.
public var hlm: LuminousIntensity { LuminousIntensity(si: 1e2) }
/// Kilolumen: 1e3 lm.
public var klumen: LuminousIntensity { LuminousIntensity(si: 1e3) }
/// Kilolumen: 1e3 lm.
public var klm: LuminousIntensity { LuminousIntensity(si: 1e3) }
/// Megalumen: 1e6 lm.
public var Mlumen: LuminousIntensity { LuminousIntensity(si: 1e6) }
/// Megalumen: 1e6 lm.
public var Mlm: LuminousIntensity { LuminousIntensity(si: 1e6) }
/// Gigalumen: 1e9 lm.
public var Glumen: LuminousIntensity { LuminousIntensity(si: 1e9) }
/// Gigalumen: 1e9 lm.
public var Glm: LuminousIntensity { LuminousIntensity(si: 1e9) }
/// Teralumen: 1e12 lm.
public var Tlumen: LuminousIntensity { LuminousIntensity(si: 1e12) }
/// Teralumen: 1e12 lm.
public var Tlm: LuminousIntensity { LuminousIntensity(si: 1e12) }
/// Petalumen: 1e15 lm.
public var Plumen: LuminousIntensity { LuminousIntensity(si: 1e15) }
/// Petalumen: 1e15 lm.
public var Plm: LuminousIntensity { LuminousIntensity(si: 1e15) }
/// Exalumen: 1e18 lm.
public var Elumen: LuminousIntensity { LuminousIntensity(si: 1e18) }
/// Exalumen: 1e18 lm.
public var Elm: LuminousIntensity { LuminousIntensity(si: 1e18) }
/// Zettalumen: 1e21 lm.
public var Zlumen: LuminousIntensity { LuminousIntensity(si: 1e21) }
/// Zettalumen: 1e21 lm.
public var Zlm: LuminousIntensity { LuminousIntensity(si: 1e21) }
/// Yottalumen: 1e24 lm.
public var Ylumen: LuminousIntensity { LuminousIntensity(si: 1e24) }
/// Yottalumen: 1e24 lm.
public var Ylm: LuminousIntensity { LuminousIntensity(si: 1e24) }
/// Lux: 1 lx.
public var lux: Illuminance { Illuminance(si: 1e0) }
/// Lux: 1 lx.
public var lx: Illuminance { Illuminance(si: 1e0) }
/// Yoctolux: 1e-24 lx.
public var ylux: Illuminance { Illuminance(si: 1e-24) }
/// Yoctolux: 1e-24 lx.
public var ylx: Illuminance { Illuminance(si: 1e-24) }
/// Zeptolux: 1e-21 lx.
public var zlux: Illuminance { Illuminance(si: 1e-21) }
/// Zeptolux: 1e-21 lx.
public var zlx: Illuminance { Illuminance(si: 1e-21) }
/// Attolux: 1e-18 lx.
public var alux: Illuminance { Illuminance(si: 1e-18) }
/// Attolux: 1e-18 lx.
public var alx: Illuminance { Illuminance(si: 1e-18) }
/// Femtolux: 1e-15 lx.
public var flux: Illuminance { Illuminance(si: 1e-15) }
/// Femtolux: 1e-15 lx.
public var flx: Illuminance { Illuminance(si: 1e-15) }
/// Picolux: 1e-12 lx.
public var plux: Illuminance { Illuminance(si: 1e-12) }
/// Picolux: 1e-12 lx.
public var plx: Illuminance { Illuminance(si: 1e-12) }
/// Nanolux: 1e-9 lx.
public var nlux: Illuminance { Illuminance(si: 1e-9) }
/// Nanolux: 1e-9 lx.
public var nlx: Illuminance { Illuminance(si: 1e-9) }
/// Microlux: 1e-6 lx.
public var ulux: Illuminance { Illuminance(si: 1e-6) }
/// Microlux: 1e-6 lx.
public var ulx: Illuminance { Illuminance(si: 1e-6) }
/// Millilux: 1e-3 lx.
public var mlux: Illuminance { Illuminance(si: 1e-3) }
/// Millilux: 1e-3 lx.
public var mlx: Illuminance { Illuminance(si: 1e-3) }
/// Centilux: 1e-2 lx.
public var clux: Illuminance { Illuminance(si: 1e-2) }
/// Centilux: 1e-2 lx.
public var clx: Illuminance { Illuminance(si: 1e-2) }
/// Decilux: 1e-1 lx.
public var dlux: Illuminance { Illuminance(si: 1e-1) }
/// Decilux: 1e-1 lx.
public var dlx: Illuminance { Illuminance(si: 1e-1) }
/// Decalux: 1e1 lx.
public var dalux: Illuminance { Illuminance(si: 1e1) }
/// Decalux: 1e1 lx.
public var dalx: Illuminance { Illuminance(si: 1e1) }
/// Hectolux: 1e2 lx.
public var hlux: Illuminance { Illuminance(si: 1e2) }
/// Hectolux: 1e2 lx.
public var hlx: Illuminance { Illuminance(si: 1e2) }
/// Kilolux: 1e3 lx.
public var klux: Illuminance { Illuminance(si: 1e3) }
/// Kilolux: 1e3 lx.
public var klx: Illuminance { Illuminance(si: 1e3) }
/// Megalux: 1e6 lx.
public var Mlux: Illuminance { Illuminance(si: 1e6) }
/// Megalux: 1e6 lx.
public var Mlx: Illuminance { Illuminance(si: 1e6) }
/// Gigalux: 1e9 lx.
public var Glux: Illuminance { Illuminance(si: 1e9) }
/// Gigalux: 1e9 lx.
public var Glx: Illuminance { Illuminance(si: 1e9) }
/// Teralux: 1e12 lx.
public var Tlux: Illuminance { Illuminance(si: 1e12) }
/// Teralux: 1e12 lx.
public var Tlx: Illuminance { Illuminance(si: 1e12) }
/// Petalux: 1e15 lx.
public var Plux: Illuminance { Illuminance(si: 1e15) }
/// Petalux: 1e15 lx.
public var Plx: Illuminance { Illuminance(si: 1e15) }
/// Exalux: 1e18 lx.
public var Elux: Illuminance { Illuminance(si: 1e18) }
/// Exalux: 1e18 lx.
public var Elx: Illuminance { Illuminance(si: 1e18) }
/// Zettalux: 1e21 lx.
public var Zlux: Illuminance { Illuminance(si: 1e21) }
/// Zettalux: 1e21 lx.
public var Zlx: Illuminance { Illuminance(si: 1e21) }
/// Yottalux: 1e24 lx.
public var Ylux: Illuminance { Illuminance(si: 1e24) }
/// Yottalux: 1e24 lx.
public var Ylx: Illuminance { Illuminance(si: 1e24) }
/// Becquerel: 1 Bq.
public var becquerel: Frequency { Frequency(si: 1e0) }
/// Becquerel: 1 Bq.
public var Bq: Frequency { Frequency(si: 1e0) }
/// Yoctobecquerel: 1e-24 Bq.
public var ybecquerel: Frequency { Frequency(si: 1e-24) }
/// Yoctobecquerel: 1e-24 Bq.
public var yBq: Frequency { Frequency(si: 1e-24) }
/// Zeptobecquerel: 1e-21 Bq.
public var zbecquerel: Frequency { Frequency(si: 1e-21) }
/// Zeptobecquerel: 1e-21 Bq.
public var zBq: Frequency { Frequency(si: 1e-21) }
/// Attobecquerel: 1e-18 Bq.
public var abecquerel: Frequency { Frequency(si: 1e-18) }
/// Attobecquerel: 1e-18 Bq.
public var aBq: Frequency { Frequency(si: 1e-18) }
/// Femtobecquerel: 1e-15 Bq.
public var fbecquerel: Frequency { Frequency(si: 1e-15) }
/// Femtobecquerel: 1e-15 Bq.
public var fBq: Frequency { Frequency(si: 1e-15) }
/// Picobecquerel: 1e-12 Bq.
public var pbecquerel: Frequency { Frequency(si: 1e-12) }
/// Picobecquerel: 1e-12 Bq.
public var pBq: Frequency { Frequency(si: 1e-12) }
/// Nanobecquerel: 1e-9 Bq.
public var nbecquerel: Frequency { Frequency(si: 1e-9) }
/// Nanobecquerel: 1e-9 Bq.
public var nBq: Frequency { Frequency(si: 1e-9) }
/// Microbecquerel: 1e-6 Bq.
public var ubecquerel: Frequency { Frequency(si: 1e-6) }
/// Microbecquerel: 1e-6 Bq.
public var uBq: Frequency { Frequency(si: 1e-6) }
/// Millibecquerel: 1e-3 Bq.
public var mbecquerel: Frequency { Frequency(si: 1e-3) }
/// Millibecquerel: 1e-3 Bq.
public var mBq: Frequency { Frequency(si: 1e-3) }
/// Centibecquerel: 1e-2 Bq.
public var cbecquerel: Frequency { Frequency(si: 1e-2) }
/// Centibecquerel: 1e-2 Bq.
public var cBq: Frequency { Frequency(si: 1e-2) }
/// Decibecquerel: 1e-1 Bq.
public var dbecquerel: Frequency { Frequency(si: 1e-1) }
/// Decibecquerel: 1e-1 Bq.
public var dBq: Frequency { Frequency(si: 1e-1) }
/// Decabecquerel: 1e1 Bq.
public var dabecquerel: Frequency { Frequency(si: 1e1) }
/// Decabecquerel: 1e1 Bq.
public var daBq: Frequency { Frequency(si: 1e1) }
/// Hectobecquerel: 1e2 Bq.
public var hbecquerel: Frequency { Frequency(si: 1e2) }
/// Hectobecquerel: 1e2 Bq.
public var hBq: Frequency { Frequency(si: 1e2) }
/// Kilobecquerel: 1e3 Bq.
public var kbecquerel: Frequency { Frequency(si: 1e3) }
/// Kilobecquerel: 1e3 Bq.
public var kBq: Frequency { Frequency(si: 1e3) }
/// Megabecquerel: 1e6 Bq.
public var Mbecquerel: Frequency { Frequency(si: 1e6) }
/// Megabecquerel: 1e6 Bq.
public var MBq: Frequency { Frequency(si: 1e6) }
/// Gigabecquerel: 1e9 Bq.
public var Gbecquerel: Frequency { Frequency(si: 1e9) }
/// Gigabecquerel: 1e9 Bq.
public var GBq: Frequency { Frequency(si: 1e9) }
/// Terabecquerel: 1e12 Bq.
public var Tbecquerel: Frequency { Frequency(si: 1e12) }
/// Terabecquerel: 1e12 Bq.
public var TBq: Frequency { Frequency(si: 1e12) }
/// Petabecquerel: 1e15 Bq.
public var Pbecquerel: Frequency { Frequency(si: 1e15) }
/// Petabecquerel: 1e15 Bq.
public var PBq: Frequency { Frequency(si: 1e15) }
/// Exabecquerel: 1e18 Bq.
public var Ebecquerel: Frequency { Frequency(si: 1e18) }
/// Exabecquerel: 1e18 Bq.
public var EBq: Frequency { Frequency(si: 1e18) }
/// Zettabecquerel: 1e21 Bq.
public var Zbecquerel: Frequency { Frequency(si: 1e21) }
/// Zettabecquerel: 1e21 Bq.
public var ZBq: Frequency { Frequency(si: 1e21) }
/// Yottabecquerel: 1e24 Bq.
public var Ybecquerel: Frequency { Frequency(si: 1e24) }
/// Yottabecquerel: 1e24 Bq.
public var YBq: Frequency { Frequency(si: 1e24) }
/// Gray: 1 J/kg.
public var gray: AbsorbedDose { AbsorbedDose(si: 1e0) }
/// Gray: 1 J/kg.
public var Gy: AbsorbedDose { AbsorbedDose(si: 1e0) }
/// Yoctogray: 1e-24 J/kg.
public var ygray: AbsorbedDose { AbsorbedDose(si: 1e-24) }
/// Yoctogray: 1e-24 J/kg.
public var yGy: AbsorbedDose { AbsorbedDose(si: 1e-24) }
/// Zeptogray: 1e-21 J/kg.
public var zgray: AbsorbedDose { AbsorbedDose(si: 1e-21) }
/// Zeptogray: 1e-21 J/kg.
public var zGy: AbsorbedDose { AbsorbedDose(si: 1e-21) }
/// Attogray: 1e-18 J/kg.
public var agray: AbsorbedDose { AbsorbedDose(si: 1e-18) }
/// Attogray: 1e-18 J/kg.
public var aGy: AbsorbedDose { AbsorbedDose(si: 1e-18) }
/// Femtogray: 1e-15 J/kg.
public var fgray: AbsorbedDose { AbsorbedDose(si: 1e-15) }
/// Femtogray: 1e-15 J/kg.
public var fGy: AbsorbedDose { AbsorbedDose(si: 1e-15) }
/// Picogray: 1e-12 J/kg.
public var pgray: AbsorbedDose { AbsorbedDose(si: 1e-12) }
/// Picogray: 1e-12 J/kg.
public var pGy: AbsorbedDose { AbsorbedDose(si: 1e-12) }
/// Nanogray: 1e-9 J/kg.
public var ngray: AbsorbedDose { AbsorbedDose(si: 1e-9) }
/// Nanogray: 1e-9 J/kg.
public var nGy: AbsorbedDose { AbsorbedDose(si: 1e-9) }
/// Microgray: 1e-6 J/kg.
public var ugray: AbsorbedDose { AbsorbedDose(si: 1e-6) }
/// Microgray: 1e-6 J/kg.
public var uGy: AbsorbedDose { AbsorbedDose(si: 1e-6) }
/// Milligray: 1e-3 J/kg.
public var mgray: AbsorbedDose { AbsorbedDose(si: 1e-3) }
/// Milligray: 1e-3 J/kg.
public var mGy: AbsorbedDose { AbsorbedDose(si: 1e-3) }
/// Centigray: 1e-2 J/kg.
public var cgray: AbsorbedDose { AbsorbedDose(si: 1e-2) }
/// Centigray: 1e-2 J/kg.
public var cGy: AbsorbedDose { AbsorbedDose(si: 1e-2) }
/// Decigray: 1e-1 J/kg.
public var dgray: AbsorbedDose { AbsorbedDose(si: 1e-1) }
/// Decigray: 1e-1 J/kg.
public var dGy: AbsorbedDose { AbsorbedDose(si: 1e-1) }
/// Decagray: 1e1 J/kg.
public var dagray: AbsorbedDose { AbsorbedDose(si: 1e1) }
/// Decagray: 1e1 J/kg.
public var daGy: AbsorbedDose { AbsorbedDose(si: 1e1) }
/// Hectogray: 1e2 J/kg.
public var hgray: AbsorbedDose { AbsorbedDose(si: 1e2) }
/// Hectogray: 1e2 J/kg.
public var hGy: AbsorbedDose { AbsorbedDose(si: 1e2) }
/// Kilogray: 1e3 J/kg.
public var kgray: AbsorbedDose { AbsorbedDose(si: 1e3) }
/// Kilogray: 1e3 J/kg.
public var kGy: AbsorbedDose { AbsorbedDose(si: 1e3) }
/// Megagray: 1e6 J/kg.
public var Mgray: AbsorbedDose { AbsorbedDose(si: 1e6) }
/// Megagray: 1e6 J/kg.
public var MGy: AbsorbedDose { AbsorbedDose(si: 1e6) }
/// Gigagray: 1e9 J/kg.
public var Ggray: AbsorbedDose { AbsorbedDose(si: 1e9) }
/// Gigagray: 1e9 J/kg.
public var GGy: AbsorbedDose { AbsorbedDose(si: 1e9) }
/// Teragray: 1e12 J/kg.
public var Tgray: AbsorbedDose { AbsorbedDose(si: 1e12) }
/// Teragray: 1e12 J/kg.
public var TGy: AbsorbedDose { AbsorbedDose(si: 1e12) }
/// Petagray: 1e15 J/kg.
public var Pgray: AbsorbedDose { AbsorbedDose(si: 1e15) }
/// Petagray: 1e15 J/kg.
public var PGy: AbsorbedDose { AbsorbedDose(si: 1e15) }
/// Exagray: 1e18 J/kg.
public var Egray: AbsorbedDose { AbsorbedDose(si: 1e18) }
/// Exagray: 1e18 J/kg.
public var EGy: AbsorbedDose { AbsorbedDose(si: 1e18) }
/// Zettagray: 1e21 J/kg.
public var Zgray: AbsorbedDose { AbsorbedDose(si: 1e21) }
/// Zettagray: 1e21 J/kg.
public var ZGy: AbsorbedDose { AbsorbedDose(si: 1e21) }
/// Yottagray: 1e24 J/kg.
public var Ygray: AbsorbedDose { AbsorbedDose(si: 1e24) }
/// Yottagray: 1e24 J/kg.
public var YGy: AbsorbedDose { AbsorbedDose(si: 1e24) }
/// Sievert: 1 J/kg.
public var sievert: AbsorbedDose { AbsorbedDose(si: 1e0) }
/// Sievert: 1 J/kg.
public var Sv: AbsorbedDose { AbsorbedDose(si: 1e0) }
/// Yoctosievert: 1e-24 J/kg.
public var ysievert: AbsorbedDose { AbsorbedDose(si: 1e-24) }
/// Yoctosievert: 1e-24 J/kg.
public var ySv: AbsorbedDose { AbsorbedDose(si: 1e-24) }
/// Zeptosievert: 1e-21 J/kg.
public var zsievert: AbsorbedDose { AbsorbedDose(si: 1e-21) }
/// Zeptosievert: 1e-21 J/kg.
public var zSv: AbsorbedDose { AbsorbedDose(si: 1e-21) }
/// Attosievert: 1e-18 J/kg.
public var asievert: AbsorbedDose { AbsorbedDose(si: 1e-18) }
/// Attosievert: 1e-18 J/kg.
public var aSv: AbsorbedDose { AbsorbedDose(si: 1e-18) }
/// Femtosievert: 1e-15 J/kg.
public var fsievert: AbsorbedDose { AbsorbedDose(si: 1e-15) }
/// Femtosievert: 1e-15 J/kg.
public var fSv: AbsorbedDose { AbsorbedDose(si: 1e-15) }
/// Picosievert: 1e-12 J/kg.
public var psievert: AbsorbedDose { AbsorbedDose(si: 1e-12) }
/// Picosievert: 1e-12 J/kg.
public var pSv: AbsorbedDose { AbsorbedDose(si: 1e-12) }
/// Nanosievert: 1e-9 J/kg.
public var nsievert: AbsorbedDose { AbsorbedDose(si: 1e-9) }
/// Nanosievert: 1e-9 J/kg.
public var nSv: AbsorbedDose { AbsorbedDose(si: 1e-9) }
/// Microsievert: 1e-6 J/kg.
public var usievert: AbsorbedDose { AbsorbedDose(si: 1e-6) }
/// Microsievert: 1e-6 J/kg.
public var uSv: AbsorbedDose { AbsorbedDose(si: 1e-6) }
/// Millisievert: 1e-3 J/kg.
public var msievert: AbsorbedDose { AbsorbedDose(si: 1e-3) }
/// Millisievert: 1e-3 J/kg.
public var mSv: AbsorbedDose { AbsorbedDose(si: 1e-3) }
/// Centisievert: 1e-2 J/kg.
public var csievert: AbsorbedDose { AbsorbedDose(si: 1e-2) }
/// Centisievert: 1e-2 J/kg.
public var cSv: AbsorbedDose { AbsorbedDose(si: 1e-2) }
/// Decisievert: 1e-1 J/kg.
public var dsievert: AbsorbedDose { AbsorbedDose(si: 1e-1) }
/// Decisievert: 1e-1 J/kg.
public var dSv: AbsorbedDose { AbsorbedDose(si: 1e-1) }
/// Decasievert: 1e1 J/kg.
public var dasievert: AbsorbedDose { AbsorbedDose(si: 1e1) }
/// Decasievert: 1e1 J/kg.
public var daSv: AbsorbedDose { AbsorbedDose(si: 1e1) }
/// Hectosievert: 1e2 J/kg.
public var hsievert: AbsorbedDose { AbsorbedDose(si: 1e2) }
/// Hectosievert: 1e2 J/kg.
public var hSv: AbsorbedDose { AbsorbedDose(si: 1e2) }
/// Kilosievert: 1e3 J/kg.
public var ksievert: AbsorbedDose { AbsorbedDose(si: 1e3) }
/// Kilosievert: 1e3 J/kg.
public var kSv: AbsorbedDose { AbsorbedDose(si: 1e3) }
/// Megasievert: 1e6 J/kg.
public var Msievert: AbsorbedDose { AbsorbedDose(si: 1e6) }
/// Megasievert: 1e6 J/kg.
public var MSv: AbsorbedDose { AbsorbedDose(si: 1e6) }
/// Gigasievert: 1e9 J/kg.
public var Gsievert: AbsorbedDose { AbsorbedDose(si: 1e9) }
/// Gigasievert: 1e9 J/kg.
public var GSv: AbsorbedDose { AbsorbedDose(si: 1e9) }
/// Terasievert: 1e12 J/kg.
public var Tsievert: AbsorbedDose { AbsorbedDose(si: 1e12) }
/// Terasievert: 1e12 J/kg.
public var TSv: AbsorbedDose { AbsorbedDose(si: 1e12) }
/// Petasievert: 1e15 J/kg.
public var Psievert: AbsorbedDose { AbsorbedDose(si: 1e15) }
/// Petasievert: 1e15 J/kg.
public var PSv: AbsorbedDose { AbsorbedDose(si: 1e15) }
/// Exasievert: 1e18 J/kg.
public var Esievert: AbsorbedDose { AbsorbedDose(si: 1e18) }
/// Exasievert: 1e18 J/kg.
public var ESv: AbsorbedDose { AbsorbedDose(si: 1e18) }
/// Zettasievert: 1e21 J/kg.
public var Zsievert: AbsorbedDose { AbsorbedDose(si: 1e21) }
/// Zettasievert: 1e21 J/kg.
public var ZSv: AbsorbedDose { AbsorbedDose(si: 1e21) }
/// Yottasievert: 1e24 J/kg.
public var Ysievert: AbsorbedDose { AbsorbedDose(si: 1e24) }
/// Yottasievert: 1e24 J/kg.
public var YSv: AbsorbedDose { AbsorbedDose(si: 1e24) }
/// Katal: 1 kat.
public var katal: CatalyticActivity { CatalyticActivity(si: 1e0) }
/// Katal: 1 kat.
public var kat: CatalyticActivity { CatalyticActivity(si: 1e0) }
/// Yoctokatal: 1e-24 kat.
public var ykatal: CatalyticActivity { CatalyticActivity(si: 1e-24) }
/// Yoctokatal: 1e-24 kat.
public var ykat: CatalyticActivity { CatalyticActivity(si: 1e-24) }
/// Zeptokatal: 1e-21 kat.
public var zkatal: CatalyticActivity { CatalyticActivity(si: 1e-21) }
/// Zeptokatal: 1e-21 kat.
public var zkat: CatalyticActivity { CatalyticActivity(si: 1e-21) }
/// Attokatal: 1e-18 kat.
public var akatal: CatalyticActivity { CatalyticActivity(si: 1e-18) }
/// Attokatal: 1e-18 kat.
public var akat: CatalyticActivity { CatalyticActivity(si: 1e-18) }
/// Femtokatal: 1e-15 kat.
public var fkatal: CatalyticActivity { CatalyticActivity(si: 1e-15) }
/// Femtokatal: 1e-15 kat.
public var fkat: CatalyticActivity { CatalyticActivity(si: 1e-15) }
/// Picokatal: 1e-12 kat.
public var pkatal: CatalyticActivity { CatalyticActivity(si: 1e-12) }
/// Picokatal: 1e-12 kat.
public var pkat: CatalyticActivity { CatalyticActivity(si: 1e-12) }
/// Nanokatal: 1e-9 kat.
public var nkatal: CatalyticActivity { CatalyticActivity(si: 1e-9) }
/// Nanokatal: 1e-9 kat.
public var nkat: CatalyticActivity { CatalyticActivity(si: 1e-9) }
/// Microkatal: 1e-6 kat.
public var ukatal: CatalyticActivity { CatalyticActivity(si: 1e-6) }
/// Microkatal: 1e-6 kat.
public var ukat: CatalyticActivity { CatalyticActivity(si: 1e-6) }
/// Millikatal: 1e-3 kat.
public var mkatal: CatalyticActivity { CatalyticActivity(si: 1e-3) }
/// Millikatal: 1e-3 kat.
public var mkat: CatalyticActivity { CatalyticActivity(si: 1e-3) }
/// Centikatal: 1e-2 kat.
public var ckatal: CatalyticActivity { CatalyticActivity(si: 1e-2) }
/// Centikatal: 1e-2 kat.
public var ckat: CatalyticActivity { CatalyticActivity(si: 1e-2) }
/// Decikatal: 1e-1 kat.
public var dkatal: CatalyticActivity { CatalyticActivity(si: 1e-1) }
/// Decikatal: 1e-1 kat.
public var dkat: CatalyticActivity { CatalyticActivity(si: 1e-1) }
/// Decakatal: 1e1 kat.
public var dakatal: CatalyticActivity { CatalyticActivity(si: 1e1) }
/// Decakatal: 1e1 kat.
public var dakat: CatalyticActivity { CatalyticActivity(si: 1e1) }
/// Hectokatal: 1e2 kat.
public var hkatal: CatalyticActivity { CatalyticActivity(si: 1e2) }
/// Hectokatal: 1e2 kat.
public var hkat: CatalyticActivity { CatalyticActivity(si: 1e2) }
/// Kilokatal: 1e3 kat.
public var kkatal: CatalyticActivity { CatalyticActivity(si: 1e3) }
/// Kilokatal: 1e3 kat.
public var kkat: CatalyticActivity { CatalyticActivity(si: 1e3) }
/// Megakatal: 1e6 kat.
public var Mkatal: CatalyticActivity { CatalyticActivity(si: 1e6) }
/// Megakatal: 1e6 kat.
public var Mkat: CatalyticActivity { CatalyticActivity(si: 1e6) }
/// Gigakatal: 1e9 kat.
public var Gkatal: CatalyticActivity { CatalyticActivity(si: 1e9) }
/// Gigakatal: 1e9 kat.
public var Gkat: CatalyticActivity { CatalyticActivity(si: 1e9) }
/// Terakatal: 1e12 kat.
public var Tkatal: CatalyticActivity { CatalyticActivity(si: 1e12) }
/// Terakatal: 1e12 kat.
public var Tkat: CatalyticActivity { CatalyticActivity(si: 1e12) }
/// Petakatal: 1e15 kat.
public var Pkatal: CatalyticActivity { CatalyticActivity(si: 1e15) }
/// Petakatal: 1e15 kat.
public var Pkat: CatalyticActivity { CatalyticActivity(si: 1e15) }
/// Exakatal: 1e18 kat.
public var Ekatal: CatalyticActivity { CatalyticActivity(si: 1e18) }
/// Exakatal: 1e18 kat.
public var Ekat: CatalyticActivity { CatalyticActivity(si: 1e18) }
/// Zettakatal: 1e21 kat.
public var Zkatal: CatalyticActivity { CatalyticActivity(si: 1e21) }
/// Zettakatal: 1e21 kat.
public var Zkat: CatalyticActivity { CatalyticActivity(si: 1e21) }
/// Yottakatal: 1e24 kat.
public var Ykatal: CatalyticActivity { CatalyticActivity(si: 1e24) }
/// Yottakatal: 1e24 kat.
public var Ykat: CatalyticActivity { CatalyticActivity(si: 1e24) }
/// Litre: 1e-3 m³.
public var litre: Volume { Volume(si: 1e-3) }
/// Litre: 1e-3 m³.
public var liter: Volume { Volume(si: 1e-3) }
/// Yoctolitre: 1e-27 m³.
public var ylitre: Volume { Volume(si: 1e-27) }
/// Yoctolitre: 1e-27 m³.
public var yliter: Volume { Volume(si: 1e-27) }
/// Yoctolitre: 1e-27 m³.
public var yl: Volume { Volume(si: 1e-27) }
/// Zeptolitre: 1e-24 m³.
public var zlitre: Volume { Volume(si: 1e-24) }
/// Zeptolitre: 1e-24 m³.
public var zliter: Volume { Volume(si: 1e-24) }
/// Zeptolitre: 1e-24 m³.
public var zl: Volume { Volume(si: 1e-24) }
/// Attolitre: 1e-21 m³.
public var alitre: Volume { Volume(si: 1e-21) }
/// Attolitre: 1e-21 m³.
public var aliter: Volume { Volume(si: 1e-21) }
/// Attolitre: 1e-21 m³.
public var al: Volume { Volume(si: 1e-21) }
/// Femtolitre: 1e-18 m³.
public var flitre: Volume { Volume(si: 1e-18) }
/// Femtolitre: 1e-18 m³.
public var fliter: Volume { Volume(si: 1e-18) }
/// Femtolitre: 1e-18 m³.
public var fl: Volume { Volume(si: 1e-18) }
/// Picolitre: 1e-15 m³.
public var plitre: Volume { Volume(si: 1e-15) }
/// Picolitre: 1e-15 m³.
public var pliter: Volume { Volume(si: 1e-15) }
/// Picolitre: 1e-15 m³.
public var pl: Volume { Volume(si: 1e-15) }
/// Nanolitre: 1e-12 m³.
public var nlitre: Volume { Volume(si: 1e-12) }
/// Nanolitre: 1e-12 m³.
public var nliter: Volume { Volume(si: 1e-12) }
/// Nanolitre: 1e-12 m³.
public var nl: Volume { Volume(si: 1e-12) }
/// Microlitre: 1e-9 m³.
public var ulitre: Volume { Volume(si: 1e-9) }
/// Microlitre: 1e-9 m³.
public var uliter: Volume { Volume(si: 1e-9) }
/// Microlitre: 1e-9 m³.
public var ul: Volume { Volume(si: 1e-9) }
/// Millilitre: 1e-6 m³.
public var mlitre: Volume { Volume(si: 1e-6) }
/// Millilitre: 1e-6 m³.
public var mliter: Volume { Volume(si: 1e-6) }
/// Millilitre: 1e-6 m³.
public var ml: Volume { Volume(si: 1e-6) }
/// Centilitre: 1e-5 m³.
public var clitre: Volume { Volume(si: 1e-5) }
/// Centilitre: 1e-5 m³.
public var cliter: Volume { Volume(si: 1e-5) }
/// Centilitre: 1e-5 m³.
public var cl: Volume { Volume(si: 1e-5) }
/// Decilitre: 1e-4 m³.
public var dlitre: Volume { Volume(si: 1e-4) }
/// Decilitre: 1e-4 m³.
public var dliter: Volume { Volume(si: 1e-4) }
/// Decilitre: 1e-4 m³.
public var dl: Volume { Volume(si: 1e-4) }
/// Decalitre: 1e-2 m³.
public var dalitre: Volume { Volume(si: 1e-2) }
/// Decalitre: 1e-2 m³.
public var daliter: Volume { Volume(si: 1e-2) }
/// Decalitre: 1e-2 m³.
public var dal: Volume { Volume(si: 1e-2) }
/// Hectolitre: 1e-1 m³.
public var hlitre: Volume { Volume(si: 1e-1) }
/// Hectolitre: 1e-1 m³.
public var hliter: Volume { Volume(si: 1e-1) }
/// Hectolitre: 1e-1 m³.
public var hl: Volume { Volume(si: 1e-1) }
/// Kilolitre: 1 m³.
public var klitre: Volume { Volume(si: 1e0) }
/// Kilolitre: 1 m³.
public var kliter: Volume { Volume(si: 1e0) }
/// Kilolitre: 1 m³.
public var kl: Volume { Volume(si: 1e0) }
/// Megalitre: 1e3 m³.
public var Mlitre: Volume { Volume(si: 1e3) }
/// Megalitre: 1e3 m³.
public var Mliter: Volume { Volume(si: 1e3) }
/// Megalitre: 1e3 m³.
public var Ml: Volume { Volume(si: 1e3) }
/// Gigalitre: 1e6 m³.
public var Glitre: Volume { Volume(si: 1e6) }
/// Gigalitre: 1e6 m³.
public var Gliter: Volume { Volume(si: 1e6) }
/// Gigalitre: 1e6 m³.
public var Gl: Volume { Volume(si: 1e6) }
/// Teralitre: 1e9 m³.
public var Tlitre: Volume { Volume(si: 1e9) }
/// Teralitre: 1e9 m³.
public var Tliter: Volume { Volume(si: 1e9) }
/// Teralitre: 1e9 m³.
public var Tl: Volume { Volume(si: 1e9) }
/// Petalitre: 1e12 m³.
public var Plitre: Volume { Volume(si: 1e12) }
/// Petalitre: 1e12 m³.
public var Pliter: Volume { Volume(si: 1e12) }
/// Petalitre: 1e12 m³.
public var Pl: Volume { Volume(si: 1e12) }
/// Exalitre: 1e15 m³.
public var Elitre: Volume { Volume(si: 1e15) }
/// Exalitre: 1e15 m³.
public var Eliter: Volume { Volume(si: 1e15) }
/// Exalitre: 1e15 m³.
public var El: Volume { Volume(si: 1e15) }
/// Zettalitre: 1e18 m³.
public var Zlitre: Volume { Volume(si: 1e18) }
/// Zettalitre: 1e18 m³.
public var Zliter: Volume { Volume(si: 1e18) }
/// Zettalitre: 1e18 m³.
public var Zl: Volume { Volume(si: 1e18) }
/// Yottalitre: 1e21 m³.
public var Ylitre: Volume { Volume(si: 1e21) }
/// Yottalitre: 1e21 m³.
public var Yliter: Volume { Volume(si: 1e21) }
/// Yottalitre: 1e21 m³.
public var Yl: Volume { Volume(si: 1e21) }
