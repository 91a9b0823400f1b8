from tests.render.conftest import scenes_folder, silent, studio, tiny

__all__ = ["scenes_folder", "silent", "studio", "tiny"]
