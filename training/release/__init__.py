"""What a release states about itself: the Perspective scale, calibration bins, and whether a fit can be reproduced."""
