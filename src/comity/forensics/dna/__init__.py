"""DNA profiles between states: what they are, when two match under which rule, and how strong that is.

``locus`` and ``allele`` read what a laboratory writes, ``profile`` and ``reader`` hold it, ``rules`` and ``compare``
decide by tables, ``index`` searches, ``strength`` weighs. Profiles carry case-local numbers and never names.
"""
