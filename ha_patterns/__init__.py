"""AWS CDK constructs for highly available architectures, each with the proof that it fails over.

The names below are the library; each is imported on first use, so that what needs no CDK starts without it.
"""

from __future__ import annotations

from ._lazy import lazy
from ._version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
