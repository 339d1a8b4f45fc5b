"""SERVES: pages, webhook, health."""
