// Makes a photo small before it is sent, for a slow line; what its file tells of time and place stays on the phone already.

/** Enough to read a printed page on a photo of it. */
const mostSide = 1600;
const quality = 0.8;
/** A drawing or a page that was scanned small: as it is. */
const smallBytes = 300_000;

const readPicture = async (file: File): Promise<HTMLImageElement> => {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    return picture;
  } finally {
    URL.revokeObjectURL(url);
  }
};

const paint = (picture: HTMLImageElement): Promise<Blob | null> => {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.min(1, mostSide / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext('2d');
  if (!brush) return Promise.resolve(null);
  // What is transparent would be black in a JPEG.
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  // Turned as the phone was held, which the file says where the server does not keep it.
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
};

/** The file itself where it is no photo, or one that this browser cannot read: the server says what is wrong with it. */
export const shrinkPhoto = async (file: File): Promise<File> => {
  if (!file.type.startsWith('image/') || (file.type === 'image/png' && file.size <= smallBytes)) return file;
  try {
    const small = await paint(await readPicture(file));
    return small ? new File([small], 'photo.jpg', { type: 'image/jpeg' }) : file;
  } catch {
    return file;
  }
};
