"""Pure rules of credits: which lots a hold takes, when they expire, what they are worth."""
