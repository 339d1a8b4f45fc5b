"""What is said in a chat: cards, pages and notices, made from the state when they are delivered."""
