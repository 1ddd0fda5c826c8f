// Words of the page in each of its languages; {0} stands for a value.
/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  en: {
    new: "New image", play: "Walk", pause: "Pause", png: "PNG", gif: "GIF", making: "Making the GIF, {0} %",
    class: "Class", blend: "Blend classes", truncation: "Truncation", truncation_help: "Below 1: closer to the middle, more typical, less varied.",
    directions: "Strongest directions", directions_help: "What changes the image most, strongest first, in standard deviations.",
    numbers: "All {0} numbers of z", reset: "Reset", every: "Every class, same z", image: "Image", ms: "{0} ms an image, drawn in this browser",
    recipe: "Recipe", data: "Data", licence: "Licence of the data", origin: "Origin", step: "Step", quality: "Measured", weights: "Weights", made: "Made with GANscope",
    float16: "{0} numbers, float16", int8: "{0} numbers, int8 kernels with a scale for each channel",
    steps: "{0} numbers, kernels rounded: the worst pixel of {2} images is off by {1} of 255 levels", about_style: "Paints a picture in the manner of another",
    way_target: "input to target", way_a: "b to a", way_b: "a to b",
    flow_strokes: "Flow strokes", halftone: "Halftone", hatching: "Hatching", marble: "Marble", mosaic: "Mosaic", stained_glass: "Stained glass",
    content: "Content", style: "Style", load_style: "Load a style", own_style: "Your style", strength: "Strength", strength_help: "0: in the content's own style; 1: in the style.",
    pixels: "Longer side", keep: "Keep colours", painting: "Painting\u2026", weights_licence: "Licence of the weights",
    nobody: "Everything is in this file. It calls nobody.", input: "Input", output: "Output", width: "Width", clear: "Clear",
    load: "Load a picture", direction: "Direction", colour: "Colour", undo: "Undo", side: "Side by side", examples: "Held-out pictures",
    canvas_help: "Draw with mouse, pen or finger. By keyboard: arrows move, Space draws.",
    damaged: "This file is damaged: its weights cannot be read ({0}). Download or export it again.", picture_bad: "That file is no picture that this browser can read.",
  },
  ko: {
    new: "새 이미지", play: "산책", pause: "멈춤", png: "PNG", gif: "GIF", making: "GIF 만드는 중, {0} %",
    class: "클래스", blend: "클래스 섞기", truncation: "절단(truncation)", truncation_help: "1보다 작으면 중심에 가까워져 더 전형적이지만 덜 다양합니다.",
    directions: "가장 강한 방향", directions_help: "이미지를 가장 크게 바꾸는 방향부터, 표준편차 단위입니다.",
    numbers: "z의 숫자 {0}개 모두", reset: "되돌리기", every: "같은 z, 모든 클래스", image: "이미지", ms: "한 장에 {0} ms, 이 브라우저에서 그렸습니다",
    recipe: "레시피", data: "데이터", licence: "데이터 라이선스", origin: "출처", step: "스텝", quality: "측정값", weights: "가중치", made: "GANscope로 만듦",
    float16: "숫자 {0}개, float16", int8: "숫자 {0}개, 커널은 채널마다 배율을 둔 int8",
    steps: "숫자 {0}개, 커널을 반올림함: 이미지 {2}장에서 가장 많이 어긋난 픽셀이 255단계 중 {1}단계", about_style: "한 그림을 다른 그림의 화풍으로 그립니다",
    way_target: "입력에서 목표로", way_a: "b에서 a로", way_b: "a에서 b로",
    flow_strokes: "흐르는 붓질", halftone: "망점", hatching: "빗금", marble: "대리석", mosaic: "모자이크", stained_glass: "스테인드글라스",
    content: "내용", style: "스타일", load_style: "스타일 불러오기", own_style: "내 스타일", strength: "세기", strength_help: "0이면 원본의 스타일, 1이면 고른 스타일입니다.",
    pixels: "긴 변(픽셀)", keep: "색 유지", painting: "그리는 중\u2026", weights_licence: "가중치 라이선스",
    nobody: "모든 것이 이 파일 안에 있으며 어디에도 접속하지 않습니다.", input: "입력", output: "출력", width: "굵기", clear: "지우기",
    load: "그림 불러오기", direction: "방향", colour: "색", undo: "실행 취소", side: "나란히", examples: "학습에 쓰지 않은 그림",
    canvas_help: "마우스, 펜, 손가락으로 그리세요. 키보드: 화살표로 이동, 스페이스로 그리기.",
    damaged: "파일이 손상되어 가중치를 읽을 수 없습니다({0}). 다시 내려받거나 내보내세요.", picture_bad: "이 브라우저가 읽을 수 있는 그림이 아닙니다.",
  },
};
export const LANGUAGES = { en: "English", ko: "한국어" };

let chosen = "en";
export const language = () => chosen;
/** @type {(code: string) => void} */
export function speak(code) {
  chosen = Object.hasOwn(WORDS, code) ? code : "en";
  document.documentElement.lang = chosen;
}
/** @type {(name: string, ...values: (string | number)[]) => string} */
export const word = (name, ...values) => values.reduce((/** @type {string} */ text, value, i) => text.replace(`{${i}}`, String(value)), WORDS[chosen][name]);
