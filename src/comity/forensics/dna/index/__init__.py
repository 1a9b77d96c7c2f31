"""The DNA database: a folder of immutable segments, searched where they lie, exact under every rule set.

    DIR/manifest.json            what counts: format version, generation, segments with their files' sizes
    DIR/lock                     held by the one writer
    DIR/segments/NNNNNNNN/       codes (a column a locus), planes (a bit a row), ids, info, keys, segment.json, deleted

A reader maps a segment's files and never waits. A writer builds new segments beside, syncs them, and replaces the
manifest in one rename: before it nothing of an import is seen, after it all is. A deletion marks the row and then
overwrites its alleles and id, in files that running readers have mapped, so that it takes effect at once.
"""
