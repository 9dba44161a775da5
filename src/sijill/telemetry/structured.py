"""
structlog, without rich.

structlog draws tracebacks with rich where it finds it. Our lines have no traceback, and rich takes
4 MB of a server with what it imports.
"""

import sys

if "rich" in sys.modules:
    import structlog
else:
    sys.modules["rich"] = None  # type: ignore[assignment]  # an import of it fails
    try:
        import structlog
    finally:
        del sys.modules["rich"]

__all__ = ["structlog"]
