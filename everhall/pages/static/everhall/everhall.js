// Progressive touches. Everything can be read and done without this file.
import "./star.js";
import { gallery } from "./gallery.js";
import { theme } from "./theme.js";
import { menus } from "./menus.js";

theme(document);
menus(document);
gallery(document);
