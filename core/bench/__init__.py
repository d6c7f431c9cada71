"""What the command `bench` measures: speed, likeness, steadiness. One file a measure; each says what its numbers mean.

Pictures are looked at by `looking` (the tracker of the built-in engine) and by `independent` (dlib), never by the engine
that is measured. Nothing here is imported by the worker.
"""
