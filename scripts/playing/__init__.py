"""The demo place, played in Lune: what Roblox does when Play is pressed, on a screen and a clock of our own."""
