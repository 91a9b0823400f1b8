"""The kit: what is made of a lecture, each kind of file a module behind one small protocol."""
