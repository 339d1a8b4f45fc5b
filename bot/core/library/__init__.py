"""Answers routine questions: from the words an officer types to one article, or to an honest "I do not know"."""
