"""Real robots as 3D models of the demo: descriptions (URDF) of the PyPI package `example-robot-data`, each with its licence.

In: the package's wheel. Out: GLB masters. What must stay true: only robots whose licence allows it (BSD, ISC, Apache-2.0); the
licence and where it comes from go with each; nothing of the wheel is installed, run or committed.
http://wiki.ros.org/urdf/XML
"""

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
from defusedxml.ElementTree import fromstring

#: Where descriptions lie in the wheel, and how URDF names their files.
ROOT: Final = "cmeel.prefix/share/example-robot-data/robots/"
PACKAGE: Final = "/example-robot-data/robots/"
SOURCE: Final = "PyPI: example-robot-data 6.0.0"


@dataclass(frozen=True, slots=True)
class Robot:
    """`pose`: angles of joints in radians, where all joints at nought look like nothing."""

    code: str
    urdf: str
    zh: str
    en: str
    licence: str
    credit: str
    pose: tuple[tuple[str, float], ...] = ()


ROBOTS: Final = (
    Robot("g1", "g1_description/urdf/g1_29dof_with_hand_rev_1_0.urdf", "人形机器人 G1", "Humanoid robot G1", "BSD-3-Clause", "Unitree Robotics"),
    Robot("talos", "talos_data/robots/talos_full_v2.urdf", "人形机器人 TALOS", "Humanoid robot TALOS", "Apache-2.0", "PAL Robotics"),
    Robot("so100", "so_arm_description/urdf/so100.urdf", "开源机械臂 SO-100", "Open robot arm SO-100", "Apache-2.0", "The Robot Studio"),
    Robot("so101", "so_arm_description/urdf/so101.urdf", "开源机械臂 SO-101", "Open robot arm SO-101", "Apache-2.0", "The Robot Studio"),
    Robot("xarm7", "xarm_description/urdf/xarm7.urdf", "七轴机械臂 xArm 7", "Seven-axis arm xArm 7", "BSD-3-Clause", "UFACTORY"),
    Robot("allegro", "allegro_hand_description/urdf/allegro_right_hand.urdf", "灵巧手 Allegro", "Allegro robotic hand", "BSD", "Wonik Robotics"),
    Robot("solo12", "solo_description/robots/solo12.urdf", "开源四足机器人 Solo 12", "Open quadruped Solo 12", "BSD-3-Clause", "Open Dynamic Robot Initiative"),
    Robot("bolt", "bolt_description/robots/bolt.urdf", "双足机器人 Bolt", "Biped robot Bolt", "BSD-3-Clause", "Open Dynamic Robot Initiative"),
    Robot("tiago-pro", "tiago_pro_description/robots/tiago_pro.urdf", "移动操作机器人 TIAGo Pro", "Mobile manipulator TIAGo Pro", "Apache-2.0", "PAL Robotics"),
    Robot("finger", "finger_edu_description/robots/finger_edu.urdf", "教学手指 FingerEdu", "Teaching finger FingerEdu", "BSD-3-Clause", "Open Dynamic Robot Initiative"),
)  # fmt: skip


def as_glb(wheel: Path, robot: Robot) -> bytes:
    """The robot standing, in metres, y up, looking to +z as glTF wishes (URDF: z up, looking to +x)."""
    trimesh: Any = import_module("trimesh")  # loads slowly, and only this needs it
    scene: Any = trimesh.Scene()
    with zipfile.ZipFile(wheel) as files:
        tree = fromstring(files.read(ROOT + robot.urdf))
        colours = {m.get("name", ""): found for m in tree.iter("material") if (found := colour_of(m)) is not None}
        for number, (visual, place) in enumerate(visuals(tree, dict(robot.pose))):
            shape = shape_of(files, visual)
            if shape is None:
                continue
            material = visual.find("material")
            colour = None if material is None else colour_of(material) or colours.get(material.get("name", ""))
            finish = trimesh.visual.material.PBRMaterial(
                baseColorFactor=[*(colour or (0.62, 0.64, 0.68)), 1.0], roughnessFactor=0.55, metallicFactor=0.1
            )
            shape.visual = trimesh.visual.TextureVisuals(material=finish)
            shape.merge_vertices()
            scene.add_geometry(shape, node_name=f"part-{number}", transform=UPRIGHT @ place)
    # Without normals viewers shade each face by itself, as these machines are: cut, milled, printed.
    return bytes(scene.export(file_type="glb", include_normals=False))


#: URDF's x, y, z (forward, left, up) to glTF's z, x, y.
UPRIGHT: Final = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]], float)


def visuals(tree: Element, pose: dict[str, float]) -> Iterator[tuple[Element, Any]]:
    """Every visual with its place in the robot."""
    joints = {joint.find("child").get("link"): joint for joint in tree.findall("joint") if joint.find("child") is not None}  # type: ignore[union-attr]

    def place_of(link: str) -> Any:
        joint = joints.get(link)
        if joint is None:
            return np.eye(4)
        parent = joint.find("parent")
        above = place_of(parent.get("link", "")) if parent is not None else np.eye(4)
        return above @ origin(joint) @ turned(joint, pose.get(joint.get("name", ""), 0.0))

    for link in tree.findall("link"):
        at = place_of(link.get("name", ""))
        for visual in link.findall("visual"):
            yield visual, at @ origin(visual)


def numbers(text: str | None, otherwise: str = "0 0 0") -> list[float]:
    return [float(part) for part in (text or otherwise).split()]


def origin(thing: Element) -> Any:
    """`<origin xyz rpy>`: fixed-axis roll, pitch, yaw."""
    found = thing.find("origin")
    place = np.eye(4)
    if found is not None:
        place[:3, 3] = numbers(found.get("xyz"))
        roll, pitch, yaw = numbers(found.get("rpy"))
        place[:3, :3] = about((0, 0, 1), yaw) @ about((0, 1, 0), pitch) @ about((1, 0, 0), roll)
    return place


def turned(joint: Element, angle: float) -> Any:
    axis = joint.find("axis")
    place = np.eye(4)
    if angle and joint.get("type") in ("revolute", "continuous"):
        place[:3, :3] = about(numbers(axis.get("xyz") if axis is not None else None, "1 0 0"), angle)
    return place


def about(axis: Any, angle: float) -> Any:
    """Rodrigues' rotation about a unit axis."""
    x, y, z = np.asarray(axis, float) / (np.linalg.norm(axis) or 1)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross


def colour_of(material: Element) -> tuple[float, float, float] | None:
    found = material.find("color")
    if found is None:
        return None
    r, g, b, *_ = numbers(found.get("rgba"), "0.6 0.6 0.6 1")
    return r, g, b


def shape_of(files: zipfile.ZipFile, visual: Element) -> Any:
    """The mesh of a visual if it is an STL; balls and boxes of a description are aids, not looks."""
    trimesh: Any = import_module("trimesh")
    mesh = visual.find("geometry/mesh")
    name = mesh.get("filename", "") if mesh is not None else ""
    if mesh is None or not name.lower().endswith(".stl"):
        return None
    shape: Any = trimesh.load_mesh(io.BytesIO(files.read(ROOT + name.partition(PACKAGE)[2])), file_type="stl")
    shape.apply_scale(numbers(mesh.get("scale"), "1 1 1"))
    return shape
