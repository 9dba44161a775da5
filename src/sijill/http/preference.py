"""Which media type a client prefers."""


def prefers_html(accept: str) -> bool:
    """
    Return whether `Accept` gives `text/html` more weight than `application/json`.

    A type that a range covers, such as `*/*`, has the weight of the most special range; a browser
    names `text/html`, and a program that takes everything does not prefer it.
    Source: RFC 9110 §12.5.1.
    """
    weights: dict[str, float] = {}
    for item in accept.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weights[name] = next(map(_weight, filter(_is_weight, parameters)), 1.0)
    return _of("text/html", weights) > _of("application/json", weights)


def _of(media_type: str, weights: dict[str, float]) -> float:
    ranges = (media_type, media_type.partition("/")[0] + "/*", "*/*")
    return next((weights[name] for name in ranges if name in weights), 0.0)


def _is_weight(parameter: str) -> bool:
    return parameter.startswith("q=")


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0
