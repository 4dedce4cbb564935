"""Why a master or its captions were not taken, in Chinese and English, and what to do about it.

In: a kind of fault and its values. Out: a sentence that says what is wrong and one that says what to do, for somebody who
shows an exhibit and has never heard of an accessor. What must stay true: every kind has all four (a test formats them).
"""

from collections.abc import Mapping
from typing import Any, Final

from everhall.engines.bilingual import is_chinese

#: kind -> (what, in Chinese; what to do; the same in English)
WORDS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "not-a-glb": (
        "这个文件不是 GLB 三维模型。", "请在建模软件中选择“导出为 glTF 二进制(.glb)”，再上传导出的文件。",
        "This file is no 3D model in GLB.", "Export it from your 3D program as glTF Binary (.glb) and upload that file.",
    ),
    "not-a-model": (
        "这个文件是{is_zh}，不是三维模型。", "请上传 .glb、含 glTF 的 .zip、.stl、.obj 或 .ply。视频请作为视频上传，图片请作为图片上传。",
        "This file is {is_en}, not a 3D model.", "Upload .glb, a .zip with a glTF, .stl, .obj or .ply. Bring a film as a video and a picture as a picture.",
    ),
    "not-a-board": (
        "这个文件是{is_zh}，不能作为展板。", "请上传 PDF，或 JPEG、PNG、WebP、TIFF、AVIF 图片。",
        "This file is {is_en} and cannot be a board.", "Upload a PDF, or a picture in JPEG, PNG, WebP, TIFF or AVIF.",
    ),
    "version": (
        "这是 glTF {version} 的模型，浏览器已不再支持。", "请用新版软件导出为 glTF 2.0（.glb）。",
        "This model is in glTF {version}, which browsers no longer read.", "Export it as glTF 2.0 (.glb).",
    ),
    "cut-short": (
        "文件不完整，后面的内容缺失。", "请重新导出或复制一份完整的文件，再上传。",
        "The file is not whole: its end is missing.", "Export or copy it again and upload the whole file.",
    ),
    "broken": (
        "模型文件内部损坏({where})。", "请重新导出；若仍失败，请换一个软件（例如 Blender）打开后导出为 .glb。",
        "The model is broken inside ({where}).", "Export it again; if that fails, open it in another program (Blender, say) and export .glb there.",
    ),
    "invalid": (
        "模型不符合 glTF 2.0 规范，共 {count} 处错误。第一处：{first}", "请用新版软件重新导出，导出前清理无效的法线与空网格。",
        "The model breaks the glTF 2.0 specification in {count} places. The first: {first}", "Export it again with a current program; clean up invalid normals and empty meshes before.",
    ),
    "external": (
        "模型要用到另一个文件：{name}。访客的浏览器取不到它。", "请导出为单个 .glb（勾选“嵌入贴图”），或把所有文件放进一个 .zip。",
        "The model asks for another file: {name}. Visitors' browsers will not find it.", "Export a single .glb (textures embedded), or put all files into one .zip.",
    ),
    "extension": (
        "模型必须使用浏览器不支持的扩展：{names}。", "请在导出时关闭这些扩展。",
        "The model requires extensions that browsers do not know: {names}.", "Switch them off when exporting.",
    ),
    "not-a-number": (
        "模型中有坐标不是数字（NaN 或无穷大）。", "请在建模软件中删除损坏的网格后重新导出。",
        "Some positions of the model are no numbers (NaN or infinite).", "Delete the broken mesh in your 3D program and export again.",
    ),
    "empty": (
        "模型里没有可以显示的形状。", "请确认导出时选中了物体，再导出一次。",
        "There is no shape to show in the model.", "Make sure that the objects are selected when you export.",
    ),
    "too-many-triangles": (
        "模型有 {count} 个三角形，上限是 {limit}。", "请用建模软件的“减面”功能简化后再上传；展示用 15 万个就足够。",
        "The model has {count} triangles; {limit} is the most.", "Reduce it with your program's “decimate”; 150,000 are enough to show it.",
    ),
    "too-many-vertices": (
        "模型有 {count} 个顶点，上限是 {limit}。", "请合并重复顶点并减面后再上传。",
        "The model has {count} vertices; {limit} is the most.", "Merge double vertices and reduce the mesh.",
    ),
    "too-many-draws": (
        "模型由 {count} 个部件组成，上限是 {limit}。", "请在导出前合并使用相同材质的部件。",
        "The model consists of {count} parts; {limit} is the most.", "Join parts of the same material before you export.",
    ),
    "too-many-nodes": (
        "模型有 {count} 个节点，上限是 {limit}。", "请在导出前合并部件、删除空节点。",
        "The model has {count} nodes; {limit} is the most.", "Join parts and delete empty nodes before you export.",
    ),
    "texture-side": (
        "有一张贴图为 {width} × {height} 像素，边长上限是 {limit}。", "请把贴图缩小到 4096 像素以内。",
        "A texture measures {width} × {height} pixels; a side may have {limit}.", "Scale textures down to 4096 pixels.",
    ),
    "texture-broken": (
        "第 {number} 张贴图无法读取。", "请把贴图存为 PNG、JPEG 或 WebP 后重新导出。",
        "Texture {number} cannot be read.", "Save it as PNG, JPEG or WebP and export again.",
    ),
    "too-many-pixels": (
        "图片共 {count} 像素，上限是 {limit}。", "请降低分辨率：展板按实际尺寸 200 dpi 就足够清晰。",
        "It has {count} pixels; {limit} is the most.", "Lower the resolution: a board is sharp enough at 200 dpi of its real size.",
    ),
    "too-many-pages": (
        "这个 PDF 有 {count} 页，展板最多 {limit} 页。", "请只保留展板那几页；整本资料请作为文档上传。",
        "This PDF has {count} pages; a board has {limit} at most.", "Keep the pages of the board; bring a whole document as a document.",
    ),
    "pdf-locked": (
        "这个 PDF 有密码保护。", "请另存为不加密的 PDF 后再上传。",
        "This PDF is locked with a password.", "Save it without a password and upload that.",
    ),
    "zip": (
        "压缩包无法使用（已损坏、加密，或解压后过大）。", "请用普通 ZIP 格式、不加密地重新打包。",
        "The zip cannot be used: it is broken, locked, or unpacks to too much.", "Pack it again as an ordinary zip without a password.",
    ),
    "zip-gltf": (
        "压缩包里应当正好有一个 .gltf 文件，现在有 {count} 个。", "每个模型单独打包，并放入它用到的 .bin 和贴图。",
        "The zip should hold exactly one .gltf; it holds {count}.", "Pack each model by itself with its .bin and textures.",
    ),
    "unreadable": (
        "文件无法读取。", "请重新导出；若仍失败，请把文件发给会场工作人员。",
        "The file cannot be read.", "Export it again; if that fails, send it to the venue's team.",
    ),
    "too-long": (
        "处理超过 {seconds} 秒，已停止。", "请简化模型或降低分辨率后再上传。",
        "It took more than {seconds} s and was stopped.", "Simplify the model or lower the resolution.",
    ),
    "too-heavy": (
        "处理所需的内存超过本机上限，已停止。", "请简化模型或降低分辨率后再上传。",
        "It needed more memory than this machine gives it and was stopped.", "Simplify the model or lower the resolution.",
    ),
    "no-node": (
        "这台服务器没有 Node.js，无法处理三维模型和展板。", "请管理员运行 make setup;文件已保存，之后会自动处理。",
        "This server has no Node.js, which models and boards need.", "An administrator runs make setup; the file is kept and will be made then.",
    ),
    "no-libraries": (
        "这台服务器缺少处理三维模型和展板所需的库。", "请管理员运行 make setup;文件已保存，之后会自动处理。",
        "This server lacks the libraries that models and boards need.", "An administrator runs make setup; the file is kept and will be made then.",
    ),
    "tool": (
        "处理时程序出错。", "请重试一次；若仍失败，请把文件发给会场工作人员。",
        "The tool failed.", "Try once more; if it fails again, send the file to the venue's team.",
    ),
    "too-big": (
        "文件有 {size} MB，上限是 {limit} MB。", "请压缩贴图或减面后再上传。",
        "The file has {size} MB; {limit} MB is the most.", "Make textures smaller or reduce the mesh.",
    ),
    "not-captions": (
        "这个文件不是字幕。", "请上传 WebVTT（.vtt）或 SubRip（.srt）字幕文件。",
        "This file holds no captions.", "Upload a caption file in WebVTT (.vtt) or SubRip (.srt).",
    ),
    "captions-empty": (
        "字幕文件里没有任何一条字幕。", "请在字幕软件中确认已有内容，再导出一次。",
        "There is no caption in the file.", "Make sure that your caption program shows some, and export again.",
    ),
    "captions-encoding": (
        "字幕的文字编码无法识别。", "请在字幕软件中另存为 UTF-8 编码后再上传。",
        "The text of the captions is in no encoding we know.", "Save the file as UTF-8 and upload it again.",
    ),
    "captions-time": (
        "第 {line} 行的时间“{text}”写法不对。", "时间应写成 00:01:02.500 --> 00:01:05.000。",
        "The time of line {line} cannot be read: “{text}”.", "Times look like 00:01:02.500 --> 00:01:05.000.",
    ),
    "captions-order": (
        "第 {line} 行“{text}”：结束时间应晚于开始时间，且不超过 24 小时。", "请改正这一行的时间后再上传。",
        "Line {line}, “{text}”: a caption must end after it begins, and within 24 hours.", "Correct the times of this line and upload again.",
    ),
    "captions-long": (
        "第 {line} 行的字幕有 {count} 个字符，上限是 {limit}。", "请把它拆成几条。",
        "The caption of line {line} has {count} characters; {limit} is the most.", "Split it into several.",
    ),
    "captions-too-many": (
        "字幕超过 {limit} 条。", "请确认上传的是这一段视频的字幕。",
        "There are more than {limit} captions.", "Make sure that they belong to this film.",
    ),
    "captions-too-big": (
        "字幕文件有 {size} 字节，上限是 {limit}。", "请确认上传的是字幕文件，而不是视频。",
        "The file has {size} bytes; captions have {limit} at most.", "Make sure that it is the caption file, not the film.",
    ),
    "not-a-film": (
        "这个文件是{is_zh}，不是视频。", "请上传 .mp4、.mov、.webm、.mkv 或 .avi。",
        "This file is {is_en}, not a film.", "Upload .mp4, .mov, .webm, .mkv or .avi.",
    ),
    "only-sound": (
        "这个文件里只有声音，没有画面。", "请把类型改为“音频”再上传。",
        "There is only sound in this file, no picture.", "Bring it as a sound.",
    ),
    "not-a-sound": (
        "这个文件是{is_zh}，不是音频。", "请上传 .mp3、.m4a、.wav、.flac 或 .ogg。",
        "This file is {is_en}, not a sound.", "Upload .mp3, .m4a, .wav, .flac or .ogg.",
    ),
    "no-sound": (
        "这个文件里没有声音。", "请检查录音，或换一个文件。",
        "There is no sound in this file.", "Check the recording, or bring another file.",
    ),
    "film-too-large": (
        "视频画面为 {width} × {height} 像素、每秒 {rate} 帧，超过 8192 × 4352、300 帧的上限。", "请导出为 4K（3840 × 2160）或 1080p 再上传。",
        "The film has {width} × {height} pixels at {rate} frames a second; 8192 × 4352 at 300 is the most.", "Export it in 4K (3840 × 2160) or 1080p.",
    ),
    "film-too-long": (
        "时长 {told}，上限是 {limit}。", "请剪短，或分成几段上传；整场活动请作为录像上传。",
        "It lasts {told}; {limit} is the most.", "Cut it, or bring it in parts; whole sessions are brought as recordings.",
    ),
    "not-a-panorama": (
        "这个文件是{is_zh}，不是全景图。", "请上传 2:1 的全景图片（JPEG、PNG、WebP、TIFF），或含六个立方体面的 .zip。",
        "This file is {is_en}, not a panorama.", "Upload a panorama twice as wide as high (JPEG, PNG, WebP, TIFF), or a .zip with the six faces of a cube.",
    ),
    "not-two-to-one": (
        "全景图为 {width} × {height} 像素，宽度应正好是高度的两倍。", "请在全景软件中导出完整的 360° × 180° 等距柱状投影图。",
        "The panorama measures {width} × {height} pixels; it should be twice as wide as high.", "Export all of it, 360° × 180°, as equirectangular.",
    ),
    "cube-faces": (
        "压缩包里应当正好有六个立方体面，缺少或重复了：{names}。", "请把六张图片命名为 f、r、b、l、u、d（前、右、后、左、上、下）再打包。",
        "The zip should hold the six faces of a cube; missing or there twice: {names}.", "Name the pictures f, r, b, l, u, d (front, right, back, left, up, down) and pack them.",
    ),
    "face-size": (
        "“{name}”为 {width} × {height} 像素；立方体的面应为正方形，边长不超过 {limit}。", "请导出相同大小的正方形图片。",
        "“{name}” measures {width} × {height} pixels; a face is square, with {limit} a side at most.", "Export square pictures of one size.",
    ),
    "face-broken": (
        "“{name}”不是可以读取的图片。", "请换成 JPEG、PNG 或 WebP 图片后重新打包。",
        "“{name}” is no picture that can be read.", "Save it as JPEG, PNG or WebP and pack the zip again.",
    ),
    "not-a-turntable": (
        "这个文件是{is_zh}，不是环拍图片包。", "请把环绕物体拍摄的 12 至 72 张图片打成一个 .zip，按文件名排序。",
        "This file is {is_en}, not the pictures of a turntable.", "Pack 12 to 72 pictures taken all around into one .zip, in the order of their names.",
    ),
    "turn-count": (
        "压缩包里有 {count} 张图片，环拍需要 {fewest} 至 {limit} 张。", "每隔 5 至 30 度拍一张，绕物体一周。",
        "The zip holds {count} pictures; a turntable has {fewest} to {limit}.", "Take one every 5 to 30 degrees, once around.",
    ),
}  # fmt: skip

#: What a file is, for "this file is …".
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "mp4": ("视频", "a film"), "matroska": ("视频", "a film"), "avi": ("视频", "a film"), "ogg": ("音频或视频", "sound or film"),
    "mp3": ("音频", "sound"), "wav": ("音频", "sound"), "flac": ("音频", "sound"), "aac": ("音频", "sound"), "aiff": ("音频", "sound"),
    "mpegts": ("视频", "a film"), "mpeg": ("视频", "a film"), "flv": ("视频", "a film"), "pdf": ("PDF 文档", "a PDF document"), "zip": ("压缩包", "a zip"),
    "glb": ("三维模型", "a 3D model"), "gltf": ("不含贴图的 glTF 文本", "the text of a glTF without its files"),
    "stl": ("三维形状", "a 3D shape"), "obj": ("三维形状", "a 3D shape"), "ply": ("三维形状", "a 3D shape"),
    "step": ("STEP 工程文件", "a STEP drawing"), "svg": ("SVG 图形", "an SVG drawing"), "html": ("网页", "a web page"),
    "json": ("数据文件", "a data file"), "xml": ("数据文件", "a data file"), "heic": ("HEIC 照片", "a HEIC photo"),
    "": ("无法识别的文件", "a file of unknown kind"),
}  # fmt: skip
PICTURE: Final = ("图片", "a picture")


def words(fault: Mapping[str, Any], language: str | None) -> tuple[str, str]:
    """What is wrong and what to do, in the language; `fault` is {"kind": …, …values}."""
    zh, zh_do, en, en_do = WORDS.get(str(fault.get("kind")), WORDS["tool"])
    values = {name: told(value) for name, value in fault.items()}
    pictures = {"jpeg", "png", "webp", "gif", "tiff", "avif"}
    is_what = PICTURE if fault.get("is") in pictures else KINDS.get(str(fault.get("is", "")), KINDS[""])
    errors = fault.get("errors") or [{}]
    values |= {"is_zh": is_what[0], "is_en": is_what[1], "first": f"{errors[0].get('code', '')} {errors[0].get('pointer', '')}".strip()}
    what, do = (zh, zh_do) if is_chinese(language) else (en, en_do)
    return what.format_map(Known(values)), do.format_map(Known(values))


class Known(dict[str, str]):
    """A value that is missing leaves a question mark, not a traceback."""

    def __missing__(self, key: str) -> str:
        return "?"


def told(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
