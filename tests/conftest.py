"""Makes the modules that tests share (`strategies`) importable from every folder of tests."""
