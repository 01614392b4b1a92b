"""Writes the fixtures of Volley.Hdf5.Tests with h5py (3.7, HDF5 1.10). Value i of a dataset is i * 37 % 101 - 50 (unsigned: i * 37 % 101)."""
import h5py
import numpy as np


def signed(n):
    return np.arange(n) * 37 % 101 - 50


def unsigned(n):
    return np.arange(n) * 37 % 101


def types(f):
    for size in (1, 2, 4, 8):
        for order, name in (("<", "little"), (">", "big")):
            f[f"i{size}_{name}"] = signed(30).astype(f"{order}i{size}").reshape(5, 6)
            f[f"u{size}_{name}"] = unsigned(30).astype(f"{order}u{size}")
            if size > 1:
                f[f"f{size}_{name}"] = (signed(30) / 4).astype(f"{order}f{size}")
    f["bool"] = unsigned(30) % 2 == 0
    f["scalar"] = np.int32(-7)
    f["empty"] = np.zeros((0, 3), np.float32)
    f["text_fixed"] = np.array([b"zero", b"one", b"", b"three"], "S6")
    f["text_scalar"] = "Größe"
    f["text_rows"] = np.array([["a", "bc"], ["", "def"]], dtype=object)
    f.create_dataset("unwritten", (4,), "<i4", fillvalue=9)


def rows(f):
    for dtype in ("<f2", "<f4", ">f8", "<i2", ">u4"):
        for chunks in (None, (3,)):
            d = f.create_dataset(f"rows_{dtype[1:]}_{'chunked' if chunks else 'plain'}", (7,), h5py.vlen_dtype(np.dtype(dtype)), chunks=chunks,
                                 compression="gzip" if chunks else None)
            for i in range(7):
                d[i] = unsigned(i * i).astype(dtype)


def chunks(f):
    filters = {"plain": {}, "deflate": {"compression": "gzip"}, "shuffle": {"compression": "gzip", "shuffle": True}, "fletcher": {"fletcher32": True},
               "all": {"compression": "gzip", "shuffle": True, "fletcher32": True}}
    for name, options in filters.items():
        for order, most in (("fixed", None), ("grow0", (None, 9)), ("grow1", (13, None)), ("grow2", (None, None)), ("limit", (20, 11))):
            f.create_dataset(f"{name}_{order}", data=signed(117).reshape(13, 9).astype("<i4"), chunks=(4, 2), maxshape=most, **options)
        f.create_dataset(f"{name}_single", data=signed(117).reshape(13, 9).astype("<i4"), chunks=(13, 9), **options)
    some = f.create_dataset("some", (20, 20), "<i2", chunks=(4, 4), fillvalue=-3)
    some[9, 9] = 5


def many(f):
    """Enough chunks for pages, second levels and secondary blocks."""
    for name, most, count in (("fixed", None, 1100), ("grow", (None,), 1100), ("filtered", (None,), 500)):
        f.create_dataset(name, data=signed(count).astype("<i1"), chunks=(1,), maxshape=most, shuffle=True if name == "filtered" else None)
    f.create_dataset("grow2", data=signed(900).astype("<i1").reshape(30, 30), chunks=(1, 1), maxshape=(None, None))


def groups(f):
    deep = f
    for i in range(5):
        deep = deep.create_group(f"level{i}")
    deep["value"] = np.int16(5)
    wide = f.create_group("wide")
    for i in range(60):
        wide[f"member {i}"] = np.int16(i)
    f["hard"] = deep["value"]
    f["soft"] = h5py.SoftLink("/hard")
    f["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
    f["committed"] = np.dtype("<f4")
    f.create_dataset("of_committed", data=(signed(5) / 4).astype("<f4"), dtype=f["committed"])
    for i in range(30):
        f["hard"].attrs[f"a long name of attribute {i}"] = "x" * 50


def refused(f):
    f["compound"] = np.zeros(3, [("a", "<i4"), ("b", "<f4")])
    f.create_dataset("lzf", data=signed(50), compression="lzf")
    f["reference"] = np.array([f["lzf"].ref], h5py.ref_dtype)
    f.create_dataset("external", (4,), "<i4", external=[("elsewhere.bin", 0, 16)])
    layout = h5py.VirtualLayout((4,), "<i4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
    f.create_virtual_dataset("virtual", layout)
    f["x87"] = np.zeros(3, np.longdouble)


for make in (types, rows, chunks, many, groups, refused):
    for version in ("earliest", "latest"):
        if make is many and version == "earliest":
            continue
        with h5py.File(f"{make.__name__}_{version}.h5", "w", libver=version) as f:
            make(f)
with h5py.File("userblock.h5", "w", userblock_size=512) as f:
    f["x"] = signed(10)
# A compact dataset, an early-allocated one and superblock 2 need the lower interface.
with h5py.File("low.h5", "w", libver=("v108", "v108")) as f:
    for name, set_layout in (("compact", lambda p: p.set_layout(h5py.h5d.COMPACT)), ("early", lambda p: (p.set_chunk((4,)), p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)))):
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        set_layout(plist)
        space = h5py.h5s.create_simple((10,))
        d = h5py.h5d.create(f.id, name.encode(), h5py.h5t.STD_I32LE, space, plist)
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, signed(10).astype("<i4"))
with h5py.File("implicit.h5", "w", libver="latest") as f:
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((4, 2))
    plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    d = h5py.h5d.create(f.id, b"x", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((13, 9)), plist)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, signed(117).astype("<i4").reshape(13, 9))
