"""One trained network as one ModuleScript."""
