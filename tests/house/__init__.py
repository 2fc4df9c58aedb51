"""The house's rules, checked over the checkout itself; each check proves that it looked at something."""
