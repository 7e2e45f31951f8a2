"""Files of Roblox: models, places and the Rojo projects that they are made of."""
