import Engram
