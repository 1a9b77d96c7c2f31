"""Exchange between nodes: eDelivery AS4 1.15 messages, receipts, error signals, and large files by claim check."""
