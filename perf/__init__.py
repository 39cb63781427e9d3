"""Speed as ratios, each beside its reference in one run: seconds move with the machine, ratios less."""
