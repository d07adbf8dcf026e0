"""Encoders for llama.cpp's K-quants, which the `gguf` package can only decode: Q4_K (4.5 bits a weight) and Q6_K (6.6).

In: float32 [blocks, 256]. Out: uint8 [blocks, 144] and [blocks, 210], in the layout that ggml-quants.c reads. Each
sub-block's scale is the best of several by squared error, offsets and scales being refined by least squares. Tests decode
with `gguf` and compare.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def _divide(a: Array, b: Array) -> Array:
    return np.divide(a, b, out=np.zeros_like(a), where=b != 0)


def q4_k(blocks: Array) -> Array:
    """x ≈ d·scale·q - dmin·offset, q in 0…15, per 32 weights; scales and offsets of 6 bits, d and dmin fp16."""
    x = blocks.reshape(-1, 8, 32)
    low = np.minimum(x.min(-1, keepdims=True), 0)
    best, scale, offset = np.full(low.shape, np.inf, np.float32), np.zeros_like(low), -low
    for levels in np.linspace(13.5, 16.5, 13, dtype=np.float32):
        q = np.clip(np.rint(_divide(levels * (x - low), np.broadcast_to(x.max(-1, keepdims=True) - low, x.shape))), 0, 15)
        centred = q - q.mean(-1, keepdims=True)  # least squares of x on q, with an offset that cannot be negative
        slope = _divide((centred * x).sum(-1, keepdims=True), (centred**2).sum(-1, keepdims=True))
        shift = np.maximum(slope * q.mean(-1, keepdims=True) - x.mean(-1, keepdims=True), 0)
        slope = np.where(shift > 0, slope, _divide((q * x).sum(-1, keepdims=True), (q * q).sum(-1, keepdims=True)))
        error = ((slope * q - shift - x) ** 2).sum(-1, keepdims=True)
        better = error < best
        best, scale, offset = np.where(better, error, best), np.where(better, slope, scale), np.where(better, shift, offset)
    d, dmin = (np.float16(part.max(1, keepdims=True) / 63) for part in (scale, offset))
    scale6, offset6 = (
        np.clip(np.rint(_divide(part, np.broadcast_to(np.float32(unit), part.shape))), 0, 63).astype(np.uint8)
        for part, unit in ((scale, d), (offset, dmin))
    )
    step, shift = np.float32(d) * scale6, np.float32(dmin) * offset6
    q = np.clip(np.rint(_divide(x + shift, np.broadcast_to(step, x.shape))), 0, 15).astype(np.uint8).reshape(-1, 4, 2, 32)
    s, m = scale6[..., 0], offset6[..., 0]
    packed = [s[:, :4] | (s[:, 4:] >> 4 << 6), m[:, :4] | (m[:, 4:] >> 4 << 6), (s[:, 4:] & 15) | (m[:, 4:] << 4)]
    halves = [unit.reshape(-1, 1).view(np.uint8) for unit in (d, dmin)]
    return np.concatenate((*halves, *packed, (q[:, :, 0] | (q[:, :, 1] << 4)).reshape(-1, 128)), axis=1)


def q6_k(blocks: Array) -> Array:
    """x ≈ d·scale·q, q in -32…31, per 16 weights; scales of 8 bits, d fp16."""
    x = blocks.reshape(-1, 16, 16)
    peak = np.take_along_axis(x, np.abs(x).argmax(-1)[..., None], -1)
    best, scale = np.full(peak.shape, np.inf, np.float32), np.zeros_like(peak)
    for levels in np.linspace(-33.5, -30.5, 7, dtype=np.float32):
        q = np.clip(np.rint(_divide(levels * x, np.broadcast_to(peak, x.shape))), -32, 31)
        slope = _divide((q * x).sum(-1, keepdims=True), (q * q).sum(-1, keepdims=True))
        error = ((slope * q - x) ** 2).sum(-1, keepdims=True)
        best, scale = np.where(error < best, error, best), np.where(error < best, slope, scale)
    d = np.float16(np.abs(scale).max(1, keepdims=True) / 127)
    scale8 = np.clip(np.rint(_divide(scale, np.broadcast_to(np.float32(d), scale.shape))), -127, 127)
    q = np.clip(np.rint(_divide(x, np.broadcast_to(np.float32(d) * scale8, x.shape))), -32, 31)
    u = (q + 32).astype(np.uint8).reshape(-1, 2, 4, 32)
    low = np.stack((u[:, :, 0] & 15 | u[:, :, 2] << 4, u[:, :, 1] & 15 | u[:, :, 3] << 4), axis=2)
    high = (u >> 4 << np.array([0, 2, 4, 6], np.uint8)[:, None]).sum(2, dtype=np.uint8)
    scales, unit = scale8[..., 0].astype(np.int8).view(np.uint8), d.reshape(-1, 1).view(np.uint8)
    return np.concatenate((low.reshape(-1, 128), high.reshape(-1, 64), scales, unit), axis=1)
