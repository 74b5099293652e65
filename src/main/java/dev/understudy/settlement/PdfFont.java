package dev.understudy.settlement;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;

/**
 * One of the fonts that every reader of PDF has, so that none need be packed: how wide its letters
 * are, in thousandths of its size, and how text is written in it.
 *
 * @see <a
 *     href="https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf">PDF
 *     32000-1:2008, 9.6.2.2 and annex D</a>
 */
enum PdfFont {
  HELVETICA(
      "Helvetica",
      """
      278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278
      584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944
      667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500
      278 556 500 722 500 500 500 334 260 334 584
      """),
  BOLD(
      "Helvetica-Bold",
      """
      278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333
      584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944
      667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556
      333 611 556 778 556 556 500 389 280 389 584
      """);

  /** For letters beyond ASCII, whose widths differ little from it. */
  private static final int USUAL = 600;

  private static final int FIRST = ' ';

  private final String face;

  /** A letter for each, whose code is the width. */
  private final String widths;

  PdfFont(String face, String widths) {
    this.face = face;
    var all = new StringBuilder();
    for (String word : widths.strip().split("\\s+", -1)) {
      all.append((char) Integer.parseInt(word));
    }
    this.widths = all.toString();
  }

  String face() {
    return face;
  }

  /** How wide a text is, in points. */
  double width(String text, double size) {
    long sum = 0;
    for (int i = 0; i < text.length(); i++) {
      int at = text.charAt(i) - FIRST;
      sum += at >= 0 && at < widths.length() ? widths.charAt(at) : USUAL;
    }
    return sum * size / 1000;
  }

  /**
   * A text as a string of PDF in the encoding WinAnsi; what that does not have becomes {@code ?}.
   */
  static String string(String text) {
    CharsetEncoder encoder =
        Charset.forName("windows-1252")
            .newEncoder()
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .onMalformedInput(CodingErrorAction.REPLACE)
            .replaceWith(new byte[] {'?'});
    ByteBuffer bytes;
    try {
      bytes = encoder.encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalStateException(e);
    }
    var out = new StringBuilder("(");
    while (bytes.hasRemaining()) {
      int b = bytes.get() & 0xff;
      if (b == '(' || b == ')' || b == '\\') {
        out.append('\\').append((char) b);
      } else if (b < 0x20 || b >= 0x7f) {
        out.append("\\%03o".formatted(b));
      } else {
        out.append((char) b);
      }
    }
    return out.append(')').toString();
  }
}
