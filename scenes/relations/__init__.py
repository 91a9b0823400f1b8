"""Printed arithmetic: read as a viewer reads it, judged, and given the digits at which it holds."""
