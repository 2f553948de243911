"""What the data package says of a table that can be worked out: hash, bytes, lessons, keys."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

