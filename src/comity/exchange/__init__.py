"""Exchange: eDelivery AS4 messages and receipts. Bytes in, bytes out."""
