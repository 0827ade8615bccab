"""What is sold, at what price, from when: dated versions that never change."""
