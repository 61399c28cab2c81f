"""Where users are: cities with an edge location, how far they are from each other and from Regions."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..aws.regions import PLACES, kilometers
from .time import MILLISECOND


class Location(NamedTuple):
    """A city, with the users there and the edge location that serves them.

    Attributes:
        name: The city.
        country: Its country's code.
        continent: The code that geolocation records have for it.
        latitude: Degrees north.
        longitude: Degrees east.
        price_class: The cheapest price class of a distribution with edge locations there: 100, 200 or all.
    """

    name: str
    country: str
    continent: str
    latitude: float
    longitude: float
    price_class: str


_100, _200, _ALL = "PriceClass_100", "PriceClass_200", "PriceClass_All"

#: Thirty cities with edge locations, by the price class that has them. See
#: https://aws.amazon.com/cloudfront/pricing/ and
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PriceClass.html
WORLD = (
    Location("Dublin", "IE", "EU", 53.35, -6.26, _100),
    Location("London", "GB", "EU", 51.51, -0.13, _100),
    Location("Paris", "FR", "EU", 48.86, 2.35, _100),
    Location("Madrid", "ES", "EU", 40.42, -3.70, _100),
    Location("Frankfurt", "DE", "EU", 50.11, 8.68, _100),
    Location("Amsterdam", "NL", "EU", 52.37, 4.90, _100),
    Location("Milan", "IT", "EU", 45.46, 9.19, _100),
    Location("Vienna", "AT", "EU", 48.21, 16.37, _100),
    Location("Warsaw", "PL", "EU", 52.23, 21.01, _100),
    Location("Stockholm", "SE", "EU", 59.33, 18.07, _100),
    Location("Helsinki", "FI", "EU", 60.17, 24.94, _100),
    Location("Athens", "GR", "EU", 37.98, 23.73, _100),
    Location("Lisbon", "PT", "EU", 38.72, -9.14, _100),
    Location("New York", "US", "NA", 40.71, -74.01, _100),
    Location("Ashburn", "US", "NA", 39.04, -77.49, _100),
    Location("Atlanta", "US", "NA", 33.75, -84.39, _100),
    Location("Chicago", "US", "NA", 41.88, -87.63, _100),
    Location("Dallas", "US", "NA", 32.78, -96.80, _100),
    Location("Los Angeles", "US", "NA", 34.05, -118.24, _100),
    Location("Seattle", "US", "NA", 47.61, -122.33, _100),
    Location("Toronto", "CA", "NA", 43.65, -79.38, _100),
    Location("Sao Paulo", "BR", "SA", -23.55, -46.63, _ALL),
    Location("Tokyo", "JP", "AS", 35.68, 139.69, _200),
    Location("Seoul", "KR", "AS", 37.57, 126.98, _200),
    Location("Singapore", "SG", "AS", 1.35, 103.82, _200),
    Location("Mumbai", "IN", "AS", 19.08, 72.88, _200),
    Location("Sydney", "AU", "OC", -33.87, 151.21, _ALL),
    Location("Hong Kong", "HK", "AS", 22.32, 114.17, _200),
    Location("Dubai", "AE", "AS", 25.20, 55.27, _200),
    Location("Johannesburg", "ZA", "AF", -26.20, 28.05, _200),
)

# The price classes that a distribution with each of them has the edge locations of.
_HAS = {_100: (_100,), _200: (_100, _200), _ALL: (_100, _200, _ALL)}


@cache
def served(location: Location, price_class: str) -> Location:
    """The location whose edge serves users of another one: the nearest of those that a price class has."""
    usable = [one for one in WORLD if one.price_class in _HAS.get(price_class, _HAS[_ALL])]
    if location in usable:
        return location
    return min(usable, key=lambda one: (_kilometers(location.name, one.name), one.name))


def round_trip(location: str, other: str | None) -> int:
    """The nanoseconds from a city to another one, or to a Region, and back; to an unknown place, those to itself."""
    return MILLISECOND if other is None else _nanoseconds(location, other)


@cache
def _nanoseconds(one: str, other: str) -> int:
    # As aws.regions.round_trip has it: 200 km in a millisecond, cables half as long again, and a millisecond at home.
    return MILLISECOND + _kilometers(one, other) * 2 * 3 * MILLISECOND // (2 * 200)


@cache
def _kilometers(one: str, other: str) -> int:
    return kilometers(_CITIES.get(one) or _of_region(one), _CITIES.get(other) or _of_region(other))


def _of_region(region: str) -> tuple[float, float]:
    place = PLACES.get(region)
    # A Region of another partition: far from everywhere, and the same for all.
    return (0.0, -160.0) if place is None else (place.latitude, place.longitude)


_CITIES = {one.name: (one.latitude, one.longitude) for one in WORLD}
