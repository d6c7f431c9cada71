"""The measurements of the command `bench`: speed, likeness, steadiness. Each has a file that says what its numbers mean.

Pictures are examined by `looking` (the built-in engine's tracker) and by `independent` (dlib), never by the engine that is
being measured. The worker imports nothing from here.
"""
