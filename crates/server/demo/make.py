"""Makes the attachments of the demonstration company from the photos of
tests/fixtures/files: smaller ones, a scanned paper, a test record, a drawn
signature. Run `pip install Pillow`, then `python3 make.py` here; the drawing
needs rsvg-convert. Nothing in them is real.
"""

import importlib
import pathlib
import subprocess
import sys

from PIL import Image, ImageDraw, ImageFont

HERE = pathlib.Path(__file__).resolve().parent
PHOTOS = HERE.parents[2] / "tests" / "fixtures" / "files"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
NAMES = {"site": "street", "tie_in": "regulator", "meter": "meter", "kitchen": "kitchen",
         "trench": "pipe-trench", "valve": "meter-new"}


def font(size):
    # Index 2 of the collection is Simplified Chinese.
    return ImageFont.truetype(FONT, size, index=2)


def photos():
    for name, source in NAMES.items():
        image = Image.open(PHOTOS / f"{source}.jpg")
        image.resize((1000, 750)).save(HERE / f"{name}.jpg", quality=62, exif=image.info.get("exif", b""))


def paper(name, title, lines):
    image = Image.new("RGB", (840, 1188), (246, 243, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle([36, 36, 804, 1152], outline=(120, 110, 96), width=3)
    draw.text((420, 130), title, (30, 30, 34), font(44), anchor="mm")
    for number, line in enumerate(lines):
        y = 260 + number * 78
        draw.text((96, y), line, (44, 44, 52), font(26))
        draw.line([(96, y + 46), (744, y + 46)], (190, 184, 172), 2)
    draw.ellipse([560, 900, 740, 1080], outline=(190, 40, 36), width=5)
    draw.text((650, 990), "演示专用", (190, 40, 36), font(30), anchor="mm")
    image.rotate(-0.7, fillcolor=(120, 116, 108), resample=Image.Resampling.BICUBIC).save(HERE / f"{name}.jpg", quality=60)


def signature():
    image = Image.new("RGBA", (520, 200), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    strokes = [[(40, 60), (120, 52), (110, 58)], [(80, 30), (76, 120), (60, 160)], [(78, 90), (130, 150)],
               [(170, 50), (250, 44)], [(210, 26), (206, 150)], [(172, 96), (252, 90)], [(170, 152), (262, 144), (258, 150)],
               [(300, 60), (340, 40), (332, 90), (300, 140)], [(330, 70), (400, 62), (388, 120), (352, 160)],
               [(420, 40), (430, 110), (470, 150), (490, 120)]]
    for stroke in strokes:
        draw.line(stroke, (20, 30, 90, 255), 6, joint="curve")
    image.save(HERE / "signature.png", optimize=True)


def drawing():
    """The sheet with its letters as outlines: a Chinese font would be twenty
    times the size of the drawing."""
    sys.path.insert(0, str(PHOTOS.parent / "make"))
    sheet = importlib.import_module("drawing").sheet()
    convert = lambda form, source: subprocess.run(
        ["rsvg-convert", "--format", form], input=source, capture_output=True, check=True).stdout
    (HERE / "drawing.pdf").write_bytes(convert("pdf", convert("svg", sheet.encode())))


if __name__ == "__main__":
    photos()
    paper("paper", "材料复印件", ["名称: 示例材料", "持有人: 示例", "编号: 410184-示例-0001", "说明: 演示数据,不作任何证明之用"])
    paper("test", "严密性试验记录", ["试验介质: 空气", "试验压力: 5 kPa", "稳压时间: 30 min", "压降: 0", "结论: 合格"])
    signature()
    drawing()
