// Where frames come from: a camera, a video file, or a picture.

const CAMERA = {width: {ideal: 640}, height: {ideal: 480}, frameRate: {ideal: 30}};
const REASONS = {
  NotAllowedError: 'The camera was not allowed. Allow it beside the address of this page, and try again.',
  NotFoundError: 'There is no camera on this machine.',
  NotReadableError: 'The camera is there but cannot be read: another program may be using it.',
};

export class Source {
  kind = 'none';
  facing = 'user';
  cameras = 0;
  onlost = () => {}; // called when a camera is taken away
  #frame = null; // a playing <video>, or an ImageBitmap
  #stale = false; // whether the frame has to be painted, or painted again
  #wake = () => {};
  #video = Object.assign(document.createElement('video'), {muted: true, playsInline: true, loop: true});

  // People know themselves from mirrors; what lies in front of them is not mirrored.
  get mirrored() {
    return this.kind === 'camera' && this.facing === 'user';
  }

  async openCamera(facing = this.facing) {
    if (!navigator.mediaDevices) throw new DOMException('', 'NotSupportedError');
    this.#close(); // phones lend one camera at a time
    const stream = await navigator.mediaDevices.getUserMedia({video: {...CAMERA, facingMode: facing}});
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.cameras = devices.filter((device) => device.kind === 'videoinput').length;
    this.facing = facing;
    this.#video.srcObject = stream;
    stream.getVideoTracks()[0].onended = () => this.onlost();
    await this.#play('camera');
  }

  openFile(file) {
    return file.type.startsWith('video/') ? this.#openVideo(file) : this.openPicture(file);
  }

  async openPicture(blob) {
    const picture = await createImageBitmap(blob); // upright, as its EXIF says
    this.#close();
    this.#frame = picture;
    this.kind = 'picture';
    this.repaint();
  }

  // The next frame: a picture when it or its painting changed, a video when it went on.
  async next() {
    if (!this.#stale) {
      const woken = new Promise((resolve) => { this.#wake = resolve; });
      await (this.#frame instanceof HTMLVideoElement ? changed(this.#frame, woken) : woken);
    }
    this.#stale = false;
    return this.#frame;
  }

  repaint() {
    this.#stale = true;
    this.#wake();
  }

  explain(error) {
    const reason = REASONS[error.name] ?? `The camera cannot be used (${error.message || error.name}).`;
    return `${reason} A picture or a video does as well.`;
  }

  async #openVideo(file) {
    const address = URL.createObjectURL(file);
    try {
      await playable(address);
    } catch (error) {
      URL.revokeObjectURL(address);
      throw error;
    }
    this.#close();
    this.#video.src = address;
    await this.#play('video');
  }

  async #play(kind) {
    await this.#video.play();
    this.#frame = this.#video;
    this.kind = kind;
    this.repaint();
  }

  #close() {
    for (const track of this.#video.srcObject?.getTracks() ?? []) track.stop();
    if (this.#video.src) URL.revokeObjectURL(this.#video.src);
    this.#video.srcObject = null;
    this.#video.removeAttribute('src');
    this.#frame?.close?.();
    this.#frame = null;
    this.kind = 'none';
  }
}

// Rejects what is no video, before it takes the place of what is shown.
function playable(address) {
  const probe = Object.assign(document.createElement('video'), {muted: true, preload: 'auto', src: address});
  return new Promise((resolve, reject) => Object.assign(probe, {onloadeddata: resolve, onerror: reject}));
}

// Resolves at the video's next frame, or when woken.
function changed(video, woken) {
  let number;
  const frame = new Promise((resolve) => { number = video.requestVideoFrameCallback(resolve); });
  return Promise.race([frame, woken]).finally(() => video.cancelVideoFrameCallback(number));
}
