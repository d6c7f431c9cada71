"""One driving frame to one finished picture: used by the worker, by films and by the bench alike."""
