"""The image room: cut out, place, light, measure.

Pure: bytes or numpy arrays in, numpy arrays or bytes out; no framework, no database, no clock.
The promise it keeps: the
product's own pixels are never redrawn (docs/adr/0005). What is made is everything around them,
and whatever had to be
invented is listed with the image.
"""
