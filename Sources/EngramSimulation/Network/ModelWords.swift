// When objects work, what they react to and what they were made with is said in the words of the model: who imports this room has them, too.
@_exported public import EngramModel
