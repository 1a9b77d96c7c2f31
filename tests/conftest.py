"""What every test shares: Hypothesis without a stopwatch, because the machines it runs on are shared and slow."""

from hypothesis import HealthCheck, settings

settings.register_profile("comity", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("comity")
