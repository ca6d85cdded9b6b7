"""The number of examples that a property test runs."""

from hypothesis import settings


def trials(number: int) -> settings:
    """Return the settings for this many examples, fewer in quick tests, thrice with `--whole`."""
    chosen = settings().max_examples
    if chosen == settings.get_profile("quick").max_examples:
        number = min(number, chosen)
    elif chosen == settings.get_profile("whole").max_examples:
        number *= 3
    return settings(max_examples=number)
