"""`python -m keras_stylex.cli`."""

import sys

from keras_stylex.cli.main import main

sys.exit(main())
