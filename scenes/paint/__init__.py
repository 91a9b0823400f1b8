"""How anything is drawn: the camera, painted mobjects, type, style and raster cache."""
