"""The number of examples that a property test runs."""

from hypothesis import settings


def trials(number: int) -> settings:
    """Return the settings for this many examples, or for fewer if slow tests are left out."""
    quick = settings.get_profile("quick").max_examples
    return settings(max_examples=min(number, quick) if settings().max_examples == quick else number)
