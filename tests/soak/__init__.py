"""Hours on air, as long as one likes: nothing grows, nothing drifts, nothing is missing. See docs/reliability.md."""
