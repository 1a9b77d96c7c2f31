"""Station 7: the requested state's own view of a request.

It resolves the question again on its own law base, compares the two resolutions instead of trusting the sender's, and
says which decisions the law provides for, each with its provision.
"""

from __future__ import annotations
