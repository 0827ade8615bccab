"""The image room: cut out, place, light, measure.

Pure: bytes or numpy arrays in, numpy arrays or bytes out; no framework, no database, no clock.
The product's own pixels are never redrawn (docs/adr/0005). What is made is everything around
them, and what an image adds or leaves out is listed with it. What there is to say is said in codes
(messages.py, steps.py): the sentences stand where they are shown.
"""
