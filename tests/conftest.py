"""Every test speaks English unless it says otherwise, whatever the language of the computer."""

import os

os.environ["LC_ALL"] = "C.UTF-8"
pytest_plugins = ["pytester"]  # runs pytest itself, for the plugin that the package brings
