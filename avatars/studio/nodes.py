"""A little sugar over Blender's shader nodes."""

from __future__ import annotations

import bpy


class Nodes:
    """The nodes of a new material. Inputs are given by name: a number, a colour or another node's output."""

    def __init__(self, name: str):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def add(self, kind: str, inputs: dict | None = None, **properties):
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in properties.items():
            setattr(node, name, value)
        for name, value in (inputs or {}).items():
            self.set(node.inputs[name], value)
        return node

    def set(self, socket, value) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def show(self, shader) -> bpy.types.Material:
        self.add("OutputMaterial", {"Surface": shader.outputs[0]})
        return self.material

    @property
    def place(self):
        """Where on the object (in metres)."""
        return self.add("TexCoord").outputs["Object"]

    def attribute(self, name: str, output: str = "Color"):
        return self.add("Attribute", attribute_name=name).outputs[output]

    def noise(self, scale: float, detail: float = 2, vector=None, **inputs):
        return self.add("TexNoise", {"Vector": vector or self.place, "Scale": scale, "Detail": detail, **inputs}).outputs[0]

    def math(self, operation: str, *values):
        node = self.add("Math", operation=operation)
        for socket, value in zip(node.inputs, values):
            self.set(socket, value)
        return node.outputs[0]

    def spread(self, value, low: float, high: float, to_low: float, to_high: float, soft: bool = False):
        """Maps low..high to to_low..to_high."""
        return self.add("MapRange", {0: value, 1: low, 2: high, 3: to_low, 4: to_high},
                        interpolation_type="SMOOTHSTEP" if soft else "LINEAR").outputs[0]

    def mix(self, factor, one, other, blend: str = "MIX"):
        return self.add("Mix", {0: factor, 6: one, 7: other}, data_type="RGBA", blend_type=blend).outputs[2]

    def bump(self, height, strength: float, distance: float):
        return self.add("Bump", {"Height": height, "Strength": strength, "Distance": distance}).outputs[0]
