#!/bin/sh
# Makes the fragmented MP4 of this folder anew with the ffmpeg of the wheel imageio-ffmpeg; see README.md.
set -eu
cd "$(dirname "$0")"
FFMPEG=${FFMPEG:-$(python -c "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())")}
AS_DELIVERED="-f mp4 -frag_duration 100000 -movflags empty_moov+default_base_moof+frag_keyframe+skip_trailer"
RIGHT="$AS_DELIVERED+frag_discont+negative_cts_offsets -output_ts_offset 10"
H264="-c:v libx264 -preset medium -pix_fmt yuv420p -bf 2 -b_strategy 0 -sc_threshold 0 -b:v 24k"
AAC="-c:a aac -b:a 12k -ac 1"
sources() { # frame rate, seconds, sample rate
  echo "-f lavfi -i testsrc=size=160x90:rate=$1:duration=$2 -f lavfi -i sine=frequency=440:sample_rate=$3:duration=$2"
}
run() { "$FFMPEG" -v error -y -fflags +bitexact "$@"; }
# shellcheck disable=SC2046,SC2086
{
run $(sources 25 5 48000) \
  -map 0:v $H264 -g 50 $RIGHT p25-video.mp4 -map 1:a $AAC $RIGHT p25-audio.mp4
run $(sources 30 5 44100) -map 0:v -map 1:a $H264 -g 60 $AAC $RIGHT p30-both.mp4
run $(sources 30000/1001 5 48000) -map 0:v $H264 -g 60 $RIGHT p2997-v720.mp4 \
  -map 0:v -s 80x44 $H264 -g 60 $RIGHT p2997-v360.mp4
run $(sources 25 9 48000) -map 0:v -s 80x44 $H264 -g 200 $RIGHT gop8-video.mp4
run $(sources 25 2 48000) -map 0:v -map 1:a $H264 -g 50 $AAC $AS_DELIVERED plain-both.mp4
}
