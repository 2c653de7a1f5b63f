"""A session as its organiser types it."""

from datetime import timedelta

from django.utils import timezone


def typed(**changes) -> dict:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {
        "day": day,
        "start": "18:00",
        "end": "19:30",
        "time_zone": "Europe/Paris",
        "format": "online",
        "language": "fr",
        "sign_up": "here",
        "repeat": "never",
        "reminders": ["24"],
        "video_url": "https://visio.example.org/a",
        **changes,
    }
