"""The venues of `test_launch_walk`."""

#: Code, name, longitude, latitude, whether the launch waits for it.
VENUES = (
    ("zhengzhou", "郑州主会场", 113.7, 34.8, True), ("beijing", "北京会场", 116.4, 39.9, True),
    ("shanghai", "上海分会场", 121.5, 31.2, True), ("tianjin", "天津分会场", 117.2, 39.1, False),
    ("liaoning", "辽宁分会场", 123.4, 41.8, False),
)
